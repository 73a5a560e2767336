import { ObjectId } from 'mongodb';
import { auth, type Tokens } from '@suite/contracts';
import { AuthSuite, callerFrom, claimsOf, HOME, problem, START_MS } from '../support/auth-suite';
import { eventually } from '../support/eventually';

describe('sessions', () => {
  let suite: AuthSuite;

  beforeAll(async () => (suite = await AuthSuite.start()), START_MS);
  afterAll(() => suite.stop());

  const sessionOf = (tokens: Tokens) => suite.collection('sessions').findOne({ userId: idOf(tokens) });
  const idOf = (tokens: Tokens) => new ObjectId(claimsOf(tokens).sub);

  describe('a refresh token', () => {
    it('is exchanged for new tokens of the same session', async () => {
      const first = await suite.newcomer();
      const second = await suite.refresh(first.refreshToken);
      expect(second.user).toEqual(first.user);
      expect(claimsOf(second).sid).toBe(claimsOf(first).sid);
      expect(second.refreshToken).not.toBe(first.refreshToken);
      expect(second.token).not.toBe(first.token);
    });

    it('is stored as a hash only', async () => {
      const first = await suite.newcomer();
      const second = await suite.refresh(first.refreshToken);
      const stored = JSON.stringify(await sessionOf(first));
      for (const { refreshToken } of [first, second]) {
        for (const part of refreshToken.split('.').slice(1)) expect(stored).not.toContain(part);
      }
    });

    it('gives the same successor to twenty requests at once, and nobody is locked out', async () => {
      const { refreshToken } = await suite.newcomer();
      const answers = await Promise.all(Array.from({ length: 20 }, () => suite.refresh(refreshToken)));
      const successors = new Set(answers.map((answer) => answer.refreshToken));
      expect(successors.size).toBe(1);
      await expect(suite.refresh([...successors][0])).resolves.toBeDefined();
    });

    it('ends its session when it comes again after its successor was used', async () => {
      const first = await suite.newcomer();
      const second = await suite.refresh(first.refreshToken);
      const third = await suite.refresh(second.refreshToken);
      await expect(suite.refresh(first.refreshToken)).rejects.toEqual(problem('REFRESH_TOKEN_REUSED'));
      expect(await suite.revocationOf(third)).toBe('ended');
      await expect(suite.refresh(third.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.refresh(second.refreshToken)).rejects.toBeDefined();
      await expect(suite.refresh(first.refreshToken)).rejects.toEqual(problem('REFRESH_TOKEN_REUSED'));
      await expect(suite.login(first.user.email)).resolves.toBeDefined();
    });

    it('ends its session when it comes again after ten seconds', async () => {
      const first = await suite.newcomer();
      const second = await suite.refresh(first.refreshToken);
      const sessions = suite.collection('sessions');
      const turnBack = (seconds: number) =>
        sessions.updateOne({ userId: idOf(first) }, { $set: { rotatedAt: new Date(Date.now() - seconds * 1_000) } });
      await turnBack(8);
      await expect(suite.refresh(first.refreshToken)).resolves.toHaveProperty('refreshToken', second.refreshToken);
      await turnBack(11);
      await expect(suite.refresh(first.refreshToken)).rejects.toEqual(problem('REFRESH_TOKEN_REUSED'));
      expect(await suite.revocationOf(second)).toBe('ended');
    });

    it('that was made up ends nobody’s session', async () => {
      const tokens = await suite.newcomer();
      const stranger = await suite.newcomer();
      const [, value, seal] = stranger.refreshToken.split('.');
      const forged = [claimsOf(tokens).sid, value, seal].join('.');
      for (const text of [forged, 'x', `${claimsOf(tokens).sid}.x.y`]) {
        await expect(suite.refresh(text)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      }
      await expect(suite.refresh(tokens.refreshToken)).resolves.toBeDefined();
    });

    it('is not taken after its session has expired', async () => {
      const tokens = await suite.newcomer();
      const past = { expiresAt: new Date(Date.now() - 1_000) };
      await suite.collection('sessions').updateOne({ userId: idOf(tokens) }, { $set: past });
      await expect(suite.refresh(tokens.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
    });

    it('brings a change of the profile into the next access token', async () => {
      const tokens = await suite.newcomer();
      await suite.ask(auth.updateProfile, { name: 'Jo Changed' }, { caller: callerFrom(tokens) });
      expect(claimsOf(await suite.refresh(tokens.refreshToken)).name).toBe('Jo Changed');
    });
  });

  describe('logging out', () => {
    it('ends the session at once, and may be repeated', async () => {
      const tokens = await suite.newcomer();
      const caller = callerFrom(tokens);
      expect(await suite.revocationOf(tokens)).toBeNull();
      await suite.ask(auth.logout, {}, { caller });
      expect(await suite.revocationOf(tokens)).toBe('ended');
      await expect(suite.refresh(tokens.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.ask(auth.logout, {}, { caller })).resolves.toEqual({});
    });

    it('leaves a note in Redis for as long as the access token might live', async () => {
      const tokens = await suite.newcomer();
      await suite.ask(auth.logout, {}, { caller: callerFrom(tokens) });
      const life = await suite.wires.redis.pttl(`revoked:{${claimsOf(tokens).sid}}`);
      expect(life).toBeGreaterThan(tokens.expiresIn * 1_000);
      expect(life).toBeLessThan(tokens.expiresIn * 1_000 + 30_000);
    });
  });

  describe('the list of sessions', () => {
    it('shows where one is logged in, newest first, and which of them asks', async () => {
      const { user } = await suite.newcomer();
      const phone = await suite.login(user.email, undefined, { userAgent: 'a phone', address: '2001:db8::1' });
      const { items } = await suite.ask(auth.sessions, {}, { caller: callerFrom(phone) });
      expect(items).toEqual([
        expect.objectContaining({
          id: claimsOf(phone).sid,
          userAgent: 'a phone',
          address: '2001:db8::1',
          current: true,
        }),
        expect.objectContaining({ ...HOME, current: false }),
      ]);
      expect(Object.keys(items[0]).sort()).toEqual([
        'address',
        'createdAt',
        'current',
        'id',
        'lastUsedAt',
        'userAgent',
      ]);
    });

    it('ends one of them from another, and shows it no more', async () => {
      const laptop = await suite.newcomer();
      const phone = await suite.login(laptop.user.email);
      const caller = callerFrom(phone);
      await suite.ask(auth.endSession, { id: claimsOf(laptop).sid }, { caller });
      expect(await suite.revocationOf(laptop)).toBe('ended');
      const { items } = await suite.ask(auth.sessions, {}, { caller });
      expect(items.map(({ id }) => id)).toEqual([caller.sessionId]);
      await expect(suite.refresh(laptop.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.refresh(phone.refreshToken)).resolves.toBeDefined();
    });

    it('does not reach the sessions of others', async () => {
      const mine = await suite.newcomer();
      const theirs = await suite.newcomer();
      const end = suite.ask(auth.endSession, { id: claimsOf(theirs).sid }, { caller: callerFrom(mine) });
      await expect(end).rejects.toEqual(problem('SESSION_NOT_FOUND'));
      await expect(suite.refresh(theirs.refreshToken)).resolves.toBeDefined();
    });
  });

  it('tells Redis later of what it could not be told', async () => {
    const tokens = await suite.newcomer();
    // As a replica leaves it that dies, or loses Redis, between the two stores.
    const now = new Date();
    const half = { endedAt: now, revokedAt: now, unpublished: true };
    await suite.collection('sessions').updateOne({ userId: idOf(tokens) }, { $set: half });
    await eventually(async () => expect(await suite.revocationOf(tokens)).toBe('ended'));
    await eventually(async () => expect(await sessionOf(tokens)).not.toHaveProperty('unpublished'));
  });

  it('tells a Redis that was emptied again of what was revoked within the life of an access token, and of nothing older', async () => {
    const [ended, renewed, old, open] = await Promise.all([1, 2, 3, 4].map(() => suite.newcomer()));
    await suite.ask(auth.logout, {}, { caller: callerFrom(ended) });
    await suite.ask(auth.logout, {}, { caller: callerFrom(old) });
    const caller = callerFrom(await suite.admin());
    await suite.ask(auth.updateUser, { id: renewed.user.id, tier: 'vip' }, { caller });
    const longAgo = { revokedAt: new Date(Date.now() - 3_600_000) };
    await suite.collection('sessions').updateOne({ userId: idOf(old) }, { $set: longAgo });

    await suite.wires.redis.flushdb();
    await eventually(async () => expect(await suite.revocationOf(ended)).toBe('ended'));
    expect(await suite.revocationOf(renewed)).toBe('1');
    expect(await suite.revocationOf(old)).toBeNull();
    expect(await suite.revocationOf(open)).toBeNull();
  });
});
