import type { Document } from 'mongodb';
import { ObjectId } from 'mongodb';
import { auth, type Caller, type UpdateUser, type User } from '@suite/contracts';
import { AuthSuite, callerFrom, claimsOf, problem, START_MS, tally } from '../support/auth-suite';

describe('users, for admins', () => {
  let suite: AuthSuite;
  let admin: Caller;

  beforeAll(async () => {
    suite = await AuthSuite.start();
    admin = callerFrom(await suite.admin());
  }, START_MS);
  afterAll(() => suite.stop());

  const update = (body: UpdateUser, caller = admin) => suite.ask(auth.updateUser, body, { caller });
  const list = (query: object) => suite.ask(auth.listUsers, query, { caller: admin });

  it('two replicas that start at once make one first admin', async () => {
    expect(await suite.collection('users').countDocuments({ role: 'admin' })).toBe(1);
  });

  it('a demonstration has three of them to try it with, however often it starts', async () => {
    const asked = { SEED_DEMO: 'true' };
    await suite.startReplica(asked);
    await suite.startReplica(asked);
    const tokens = await Promise.all([
      suite.login('admin@example.com', 'admin123'),
      suite.login('user@example.com', 'user123'),
      suite.login('vip@example.com', 'vip123'),
    ]);
    expect(tokens.map(({ user: { role, tier } }) => [role, tier])).toEqual([
      ['admin', 'standard'],
      ['user', 'standard'],
      ['user', 'vip'],
    ]);
    await suite.collection('users').deleteOne({ email: 'admin@example.com' });
  });

  it('auth does not start in production with the secrets of development, and says so', async () => {
    await expect(suite.startReplica({ NODE_ENV: 'production' })).rejects.toThrow(/CALLER_SECRET is missing/);
    const CALLER_SECRET = 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE';
    const start = suite.startReplica({ NODE_ENV: 'production', CALLER_SECRET, JWT_SECRET: '' });
    await expect(start).rejects.toThrow(
      /ended with 78[\s\S]*JWT_SECRET is missing[\s\S]*JWT_REFRESH_SECRET is missing/,
    );
  });

  it('are shown to and changed by nobody else', async () => {
    const { user, ...tokens } = await suite.newcomer();
    const caller = callerFrom({ user, ...tokens });
    const asked = [
      suite.ask(auth.listUsers, {}, { caller }),
      suite.ask(auth.getUser, { id: user.id }, { caller }),
      update({ id: user.id, role: 'admin' }, caller),
    ];
    expect(await tally(asked)).toEqual({ FORBIDDEN: 3 });
    await expect(suite.ask(auth.listUsers, {})).rejects.toEqual(problem('UNAUTHORIZED'));
  });

  it('are shown with what admins need and nothing secret', async () => {
    const user = await suite.register();
    const found = await suite.ask(auth.getUser, { id: user.id }, { caller: admin });
    const { replayed: _, ...registered } = user as User & { replayed: boolean };
    expect(found).toEqual({ ...registered, disabled: false, verified: false });
    const nobody = suite.ask(auth.getUser, { id: 'f'.repeat(24) }, { caller: admin });
    await expect(nobody).rejects.toEqual(problem('USER_NOT_FOUND'));
    await expect(update({ id: 'f'.repeat(24), tier: 'vip' })).rejects.toEqual(problem('USER_NOT_FOUND'));
  });

  describe('the list', () => {
    const family = Array.from({ length: 7 }, (_, i) => `nils.${i}@holgersson.example`);

    beforeAll(async () => {
      for (const email of family) await suite.register(email, `Nils Hölgersson ${email[5]}`);
      const user = await suite.collection('users').findOne({ email: family[2] });
      await update({ id: String(user!._id), tier: 'vip' });
    });

    it('goes from the newest to the oldest, by cursor and by page alike', async () => {
      const newestFirst = [...family].reverse();
      const byCursor: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, meta } = await list({ q: 'holgersson', limit: 3, ...(cursor && { cursor }) });
        expect(meta).toMatchObject({ total: 7, limit: 3 });
        byCursor.push(...items.map(({ email }) => email));
        cursor = meta.nextCursor;
      } while (cursor);
      expect(byCursor).toEqual(newestFirst);
      const pages = await Promise.all([1, 2, 3, 4].map((page) => list({ q: 'holgersson', limit: 3, page })));
      expect(pages.flatMap(({ items }) => items.map(({ email }) => email))).toEqual(newestFirst);
      expect(pages.map(({ meta }) => [meta.page, meta.nextCursor !== undefined])).toEqual([
        [1, true],
        [2, true],
        [3, false],
        [4, false],
      ]);
    });

    it.each([
      ['a part of the address', { q: '2@holger' }, 1],
      ['a part of the name, without its accents', { q: 'NILS HOL' }, 7],
      ['the tier as well', { q: 'holgersson', tier: 'vip' }, 1],
      ['the role as well', { q: 'holgersson', role: 'admin' }, 0],
      ['what would be a pattern', { q: '.*' }, 0],
      ['a NUL', { q: '\0' }, 0],
    ])('finds by %s', async (_case, query, count) => {
      const { items, meta } = await list(query);
      expect([items.length, meta.total]).toEqual([count, count]);
    });

    it('finds by a new name and no longer by the old one', async () => {
      const { id } = await suite.register(undefined, 'Akka von Kebnekaise');
      await update({ id, name: 'Gorgo' });
      expect((await list({ q: 'kebnekaise' })).meta.total).toBe(0);
      expect((await list({ q: 'gorgo' })).items.map((user) => user.id)).toEqual([id]);
    });

    it('refuses a cursor that it did not give out', async () => {
      await expect(list({ cursor: 'eyJoYWNrIjp0cnVlfQ' })).rejects.toEqual(problem('VALIDATION_FAILED'));
    });
  });

  describe('another tier or role', () => {
    it('makes access tokens ask to be renewed, and is in the next one', async () => {
      const tokens = await suite.newcomer();
      const changed = await update({ id: tokens.user.id, tier: 'vip' });
      expect(changed.tier).toBe('vip');
      expect(await suite.revocationOf(tokens)).toBe('1');
      const renewed = await suite.refresh(tokens.refreshToken);
      expect(claimsOf(renewed)).toMatchObject({ tier: 'vip', ver: 1 });
      await update({ id: tokens.user.id, role: 'admin' });
      expect(await suite.revocationOf(tokens)).toBe('2');
      expect(claimsOf(await suite.refresh(renewed.refreshToken))).toMatchObject({ role: 'admin', ver: 2 });
      await update({ id: tokens.user.id, role: 'user' });
    });

    it('that is the same as before ends nothing', async () => {
      const tokens = await suite.newcomer();
      await update({ id: tokens.user.id, tier: 'standard', role: 'user', disabled: false, name: 'Jo' });
      expect(await suite.revocationOf(tokens)).toBeNull();
    });
  });

  describe('disabling', () => {
    it('ends all sessions at once and lets nobody in until it is undone', async () => {
      const tokens = await suite.newcomer();
      const { id, email } = tokens.user;
      await update({ id, disabled: true });
      expect(await suite.revocationOf(tokens)).toBe('ended');
      await expect(suite.refresh(tokens.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.login(email)).rejects.toEqual(problem('INVALID_CREDENTIALS'));
      await update({ id, disabled: false });
      await expect(suite.login(email)).resolves.toBeDefined();
      expect(await suite.revocationOf(tokens)).toBe('ended');
    });

    it('leaves no session open, however the logins fall', async () => {
      for (let round = 0; round < 8; round++) {
        const { id, email } = await suite.register();
        await Promise.allSettled([...[1, 2, 3, 4].map(() => suite.login(email)), update({ id, disabled: true })]);
        const open = { userId: new ObjectId(id), endedAt: { $exists: false } };
        expect(await suite.collection('sessions').countDocuments(open)).toBe(0);
      }
    });
  });

  describe('the last admin', () => {
    it('cannot be demoted or disabled, also not by themselves', async () => {
      await expect(update({ id: admin.userId, role: 'user' })).rejects.toEqual(problem('LAST_ADMIN'));
      await expect(update({ id: admin.userId, disabled: true })).rejects.toEqual(problem('LAST_ADMIN'));
      await expect(update({ id: admin.userId, name: 'Still here' })).resolves.toMatchObject({ role: 'admin' });
    });

    it('stays when all are taken away at once', async () => {
      const others = await Promise.all([1, 2, 3].map(() => suite.register()));
      const all = [admin.userId, ...others.map(({ id }) => id)];
      for (let round = 0; round < 5; round++) {
        for (const id of all) await update({ id, role: 'admin', disabled: false });
        const changes = all.map((id, i) => update({ id, ...(i % 2 ? { role: 'user' } : { disabled: true }) }));
        expect(await tally(changes)).toEqual({ ok: all.length - 1, LAST_ADMIN: 1 });
        const acting = { role: 'admin', disabled: false };
        expect(await suite.collection('users').countDocuments(acting)).toBe(1);
      }
      await update({ id: admin.userId, role: 'admin', disabled: false });
    });
  });

  it('every query runs on an index', async () => {
    const id = new ObjectId();
    const soon = new Date();
    const users: Document[] = [
      { email: 'jo@example.com' },
      { searchTerms: /^jo/ },
      { role: 'admin', disabled: false },
      { mailDue: { $lte: soon } },
    ];
    const sessions: Document[] = [
      { userId: id, endedAt: null, expiresAt: { $gt: soon } },
      { userId: id, address: '192.0.2.1' },
      { unpublished: true },
      { userId: id, unpublished: true },
      { revokedAt: { $gt: soon } },
    ];
    const tokens: Document[] = [{ userId: id, kind: 'reset-password' }];
    const collections = { users, sessions, oneTimeTokens: tokens } as const;
    for (const name of ['users', 'sessions', 'oneTimeTokens'] as const) {
      for (const filter of collections[name]) {
        const plan = JSON.stringify(await suite.collection(name).find(filter).explain('queryPlanner'));
        expect([name, filter, plan.includes('IXSCAN'), plan.includes('COLLSCAN')]).toEqual([name, filter, true, false]);
      }
    }
    const newest = suite.collection('users').find({ tier: 'vip' }).sort({ createdAt: -1, _id: -1 });
    const plan = JSON.stringify(await newest.explain('queryPlanner'));
    expect(plan).toContain('"stage":"IXSCAN"');
    expect(plan).not.toContain('"stage":"SORT"');
  });
});
