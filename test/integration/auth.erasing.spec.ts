import { ObjectId, type Document } from 'mongodb';
import { auth, type Caller, type SessionEnded, type Tokens, type UserErased } from '@suite/contracts';
import { AuthSuite, callerFrom, HOME, PASSWORD, problem, START_MS, tally } from '../support/auth-suite';
import { eventually } from '../support/eventually';

describe('erasing an account', () => {
  let suite: AuthSuite;
  let admin: Caller;

  beforeAll(async () => {
    suite = await AuthSuite.start();
    admin = callerFrom(await suite.admin());
  }, START_MS);
  afterAll(() => suite.stop());

  const eraseOwn = (tokens: Tokens, password = PASSWORD) =>
    suite.ask(auth.erase, { password }, { caller: callerFrom(tokens) });
  const eraseUser = (id: string, caller = admin) => suite.ask(auth.eraseUser, { id }, { caller });
  const erasures = () => suite.wires.database('auth').collection('erasures');
  const facts = async <Fact extends { userId: string }>(name: string, userId: string): Promise<Fact[]> => {
    const entries = await suite.wires.redis.xrange('ev:{auth}', '-', '+');
    return entries
      .map(([, [, message]]) => JSON.parse(message) as { p: string; d: Fact })
      .filter(({ p, d }) => p === name && d.userId === userId)
      .map(({ d }) => d);
  };
  const told = (userId: string) => facts<UserErased>(auth.userErased.name, userId);
  /** Everything that auth still keeps of somebody, in whatever collection. */
  async function traces(id: string, email: string): Promise<Document[]> {
    const collections = await suite.wires.database('auth').listCollections().toArray();
    const documents = await Promise.all(
      collections.map(({ name }) => suite.wires.database('auth').collection(name).find().toArray()),
    );
    return documents.flat().filter((document) => {
      const text = JSON.stringify(document);
      return text.includes(email) || (text.includes(id) && text.includes(HOME.userAgent));
    });
  }

  it('leaves nothing of the person, ends all sessions at once, and tells of it', async () => {
    const tokens = await suite.newcomer();
    const { id, email } = tokens.user;
    await suite.login(email);
    await suite.mailsTo(email, 'verify-email');
    await eraseOwn(tokens);

    expect(await traces(id, email)).toEqual([]);
    expect(await suite.revocationOf(tokens)).toBe('ended');
    await expect(suite.refresh(tokens.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
    await expect(suite.login(email)).rejects.toEqual(problem('INVALID_CREDENTIALS'));
    await expect(suite.ask(auth.getUser, { id }, { caller: admin })).rejects.toEqual(problem('USER_NOT_FOUND'));
    await eventually(async () => expect(await told(id)).toEqual([{ userId: id, at: expect.any(String) as string }]));
  });

  it('tells of each session that it is over, for whoever keeps something of it', async () => {
    const tokens = await suite.newcomer();
    const elsewhere = await suite.login(tokens.user.email);
    await eraseUser(tokens.user.id);
    await eventually(async () => {
      const ended = await facts<SessionEnded>(auth.sessionEnded.name, tokens.user.id);
      expect(ended.map(({ sessionId }) => sessionId).sort()).toEqual(
        [tokens, elsewhere].map((one) => callerFrom(one).sessionId).sort(),
      );
    });
  });

  it('frees the address for a new account, which is another one', async () => {
    const tokens = await suite.newcomer();
    await eraseOwn(tokens);
    const again = await suite.register(tokens.user.email);
    expect(again.id).not.toBe(tokens.user.id);
    expect((await suite.login(again.email)).user.id).toBe(again.id);
  });

  it('wants the password, and has little patience with wrong ones', async () => {
    const tokens = await suite.newcomer();
    const tries = Array.from({ length: 12 }, () => eraseOwn(tokens, 'a wrong password'));
    expect(await tally(tries)).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 2 });
    expect((await suite.collection('users').findOne({ _id: new ObjectId(tokens.user.id) }))!.email).toBe(
      tokens.user.email,
    );
  });

  it('may be asked for again, and by several at once', async () => {
    const [one, other] = [await suite.newcomer(), await suite.newcomer()];
    await eraseOwn(one);
    await expect(eraseOwn(one)).resolves.toEqual({});
    expect(await tally(Array.from({ length: 6 }, () => eraseUser(other.user.id)))).toEqual({ ok: 6 });
    await expect(eraseUser(other.user.id)).resolves.toEqual({});
    expect(await erasures().countDocuments({ _id: new ObjectId(other.user.id) })).toBe(1);
  });

  it('of others is for admins, and of somebody', async () => {
    const [jo, max] = [await suite.newcomer(), await suite.newcomer()];
    await expect(eraseUser(max.user.id, callerFrom(jo))).rejects.toEqual(problem('FORBIDDEN'));
    await expect(eraseUser(String(new ObjectId()))).rejects.toEqual(problem('USER_NOT_FOUND'));
    await eraseUser(max.user.id);
    expect(await erasures().findOne({ _id: new ObjectId(max.user.id) })).toMatchObject({
      by: new ObjectId(admin.userId),
    });
  });

  it('leaves one admin, also when two erase each other at the same moment', async () => {
    await expect(eraseUser(admin.userId)).rejects.toEqual(problem('LAST_ADMIN'));
    const other = await suite.newcomer();
    await suite.ask(auth.updateUser, { id: other.user.id, role: 'admin' }, { caller: admin });
    const outcomes = await tally([
      eraseUser(admin.userId, { ...callerFrom(other), role: 'admin' }),
      eraseUser(other.user.id, admin),
    ]);
    expect(outcomes).toEqual({ ok: 1, LAST_ADMIN: 1 });
    expect(await suite.collection('users').countDocuments({ role: 'admin', disabled: false })).toBe(1);
    admin = { ...admin, userId: String((await suite.collection('users').findOne({ role: 'admin' }))!._id) };
  });

  it('is told by another replica when the one that erased died before it could', async () => {
    const tokens = await suite.newcomer();
    const { id } = tokens.user;
    await eraseOwn(tokens);
    await eventually(async () => expect(await told(id)).toHaveLength(1));
    await suite.wires.redis.del('ev:{auth}');
    // What such a death leaves behind: the erasure, still owed.
    await erasures().updateOne({ _id: new ObjectId(id) }, { $set: { due: new Date(0) } });
    await eventually(async () => expect(await told(id)).toHaveLength(1));
  });

  it('forgets once more, later, what was under way: a login that came just after', async () => {
    const tokens = await suite.newcomer();
    const { id, email } = tokens.user;
    await eraseOwn(tokens);
    await eventually(async () => expect(await told(id)).toHaveLength(1));
    const late = { userId: new ObjectId(id), ...HOME, version: 0, tokenHash: 'x', createdAt: new Date() };
    await suite.collection('sessions').insertOne({ ...late, expiresAt: new Date(Date.now() + 3_600_000) });
    const minuteAgo = new Date(Date.now() - 61_000);
    await erasures().updateOne({ _id: new ObjectId(id) }, { $set: { at: minuteAgo, due: new Date() } });
    await eventually(async () => expect(await told(id)).toHaveLength(2));
    await eventually(async () =>
      expect(await erasures().countDocuments({ due: { $exists: true }, at: minuteAgo })).toBe(0),
    );
    expect(await traces(id, email)).toEqual([]);
  });
});
