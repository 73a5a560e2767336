import { ObjectId } from 'mongodb';
import { auth } from '@suite/contracts';
import {
  AuthSuite,
  callerFrom,
  claimsOf,
  NEW_PASSWORD,
  PASSWORD,
  problem,
  START_MS,
  someEmail,
  tally,
} from '../support/auth-suite';
import { eventually } from '../support/eventually';

describe('one’s own account', () => {
  let suite: AuthSuite;

  beforeAll(async () => (suite = await AuthSuite.start()), START_MS);
  afterAll(() => suite.stop());

  const userOf = (email: string) => suite.collection('users').findOne({ email });
  const verify = (token: string) => suite.ask(auth.verifyEmail, { token });
  const reset = (token: string, newPassword = NEW_PASSWORD) => suite.ask(auth.resetPassword, { token, newPassword });

  describe('the profile', () => {
    it('is what was registered, and needs a caller', async () => {
      const { user, ...tokens } = await suite.newcomer();
      const caller = callerFrom({ user, ...tokens });
      await expect(suite.ask(auth.profile, {}, { caller })).resolves.toEqual(user);
      await expect(suite.ask(auth.profile, {})).rejects.toEqual(problem('UNAUTHORIZED'));
    });

    it('takes a new name and leaves the rest alone', async () => {
      const tokens = await suite.newcomer();
      const caller = callerFrom(tokens);
      const changed = await suite.ask(auth.updateProfile, { name: '<b>Jo</b>' }, { caller });
      expect(changed).toEqual({ ...tokens.user, name: '<b>Jo</b>' });
      await expect(suite.ask(auth.updateProfile, {}, { caller })).resolves.toEqual(changed);
    });

    it('does not take the address of somebody else', async () => {
      const { email } = await suite.register();
      const caller = callerFrom(await suite.newcomer());
      const change = suite.ask(auth.updateProfile, { email: email.toUpperCase() }, { caller });
      await expect(change).rejects.toEqual(problem('EMAIL_TAKEN'));
    });
  });

  describe('verifying the address', () => {
    it('works with the mailed token, once', async () => {
      const { email } = await suite.register();
      expect((await userOf(email))!.verified).toBe(false);
      const [{ secret }] = await suite.mailsTo(email, 'verify-email');
      expect(await tally([verify(secret), verify(secret), verify(secret)])).toEqual({ ok: 1, INVALID_TOKEN: 2 });
      expect((await userOf(email))!.verified).toBe(true);
    });

    it('begins again with a new address, for which the old token is of no use', async () => {
      const tokens = await suite.newcomer();
      const [old] = await suite.mailsTo(tokens.user.email, 'verify-email');
      const email = someEmail();
      await suite.ask(auth.updateProfile, { email }, { caller: callerFrom(tokens) });
      const [{ secret }] = await suite.mailsTo(email, 'verify-email');
      await expect(verify(old.secret)).rejects.toEqual(problem('INVALID_TOKEN'));
      expect((await userOf(email))!.verified).toBe(false);
      await verify(secret);
      expect((await userOf(email))!.verified).toBe(true);
    });

    it('keeps hashes of tokens only, and makes no second use of one kind as another', async () => {
      const { email } = await suite.register();
      const [{ secret }] = await suite.mailsTo(email, 'verify-email');
      expect(JSON.stringify(await suite.collection('oneTimeTokens').find().toArray())).not.toContain(secret);
      await expect(reset(secret)).rejects.toEqual(problem('INVALID_TOKEN'));
    });

    it('fills nobody’s inbox: more than five mails an hour to one address come later', async () => {
      const tokens = await suite.newcomer();
      const [victim, other] = [someEmail(), someEmail()];
      const change = (email: string) => suite.ask(auth.updateProfile, { email }, { caller: callerFrom(tokens) });
      for (let i = 1; i <= 5; i++) {
        await change(victim);
        await suite.mailsTo(victim, 'verify-email', i);
        await change(other);
        await suite.mailsTo(other, 'verify-email', i);
      }
      await change(victim);
      const later = new Date(Date.now() + 50 * 60_000);
      await eventually(async () => expect(Number((await userOf(victim))!.mailDue)).toBeGreaterThan(Number(later)));
      await suite.mailsTo(victim, 'verify-email', 5);
    });

    it('sends a mail that is owed though the process that owed it has died', async () => {
      const { email } = await suite.register();
      await suite.mailsTo(email, 'verify-email');
      const notOwed = async () => expect(await userOf(email)).not.toHaveProperty('mailDue');
      await eventually(notOwed);
      await suite.collection('users').updateOne({ email }, { $set: { mailDue: new Date() } });
      await suite.mailsTo(email, 'verify-email', 2);
      await eventually(notOwed);
    });
  });

  describe('the mail of welcome', () => {
    const verifyOf = async (email: string) => {
      const [{ secret }] = await suite.mailsTo(email, 'verify-email');
      return verify(secret);
    };

    it('comes once, with the first address that is confirmed, and not before', async () => {
      const tokens = await suite.newcomer();
      const { email: first, name } = tokens.user;
      await suite.mailsTo(first, 'verify-email');
      await suite.mailsTo(first, 'welcome', 0);
      await verifyOf(first);
      expect(await suite.mailsTo(first, 'welcome')).toEqual([{ name }]);
      await eventually(async () => expect(await userOf(first)).not.toHaveProperty('welcomeDue'));

      const email = someEmail();
      await suite.ask(auth.updateProfile, { email }, { caller: callerFrom(tokens) });
      await verifyOf(email);
      expect((await userOf(email))!.verified).toBe(true);
      expect(await userOf(email)).not.toHaveProperty('welcomeDue');
      await suite.mailsTo(email, 'welcome', 0);
    });

    it('comes though the process that owed it has died', async () => {
      const { email } = await suite.register();
      await suite.mailsTo(email, 'verify-email');
      // What such a death leaves behind: the address confirmed, the mail still owed.
      await suite
        .collection('users')
        .updateOne({ email }, { $set: { verified: true, welcomed: true, welcomeDue: new Date() } });
      await suite.mailsTo(email, 'welcome');
      await eventually(async () => expect(await userOf(email)).not.toHaveProperty('welcomeDue'));
    });
  });

  describe('changing the password', () => {
    const change = (caller: ReturnType<typeof callerFrom>, currentPassword: string) =>
      suite.ask(auth.changePassword, { currentPassword, newPassword: NEW_PASSWORD }, { caller });

    it('ends the other sessions and not this one', async () => {
      const here = await suite.newcomer();
      const there = await suite.login(here.user.email);
      await change(callerFrom(here), PASSWORD);
      expect(await suite.revocationOf(there)).toBe('ended');
      expect(await suite.revocationOf(here)).toBeNull();
      await expect(suite.refresh(there.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.refresh(here.refreshToken)).resolves.toBeDefined();
      await expect(suite.login(here.user.email)).rejects.toEqual(problem('INVALID_CREDENTIALS'));
      await expect(suite.login(here.user.email, NEW_PASSWORD)).resolves.toBeDefined();
    });

    it('needs the current one, and does not let it be guessed', async () => {
      const tokens = await suite.newcomer();
      const guesses = Array.from({ length: 14 }, () => change(callerFrom(tokens), 'a guess'));
      expect(await tally(guesses)).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 4 });
      await expect(suite.login(tokens.user.email)).resolves.toBeDefined();
    });

    it('leaves no session of the old password, however the requests fall', async () => {
      const here = await suite.newcomer();
      const { email } = here.user;
      const [changed, ...logins] = await Promise.allSettled([
        change(callerFrom(here), PASSWORD),
        ...Array.from({ length: 8 }, () => suite.login(email)),
      ]);
      expect(changed.status).toBe('fulfilled');
      const { items } = await suite.ask(auth.sessions, {}, { caller: callerFrom(here) });
      expect(items.map(({ id }) => id)).toEqual([claimsOf(here).sid]);
      const opened = logins.flatMap((login) => (login.status === 'fulfilled' ? [login.value] : []));
      const revocations = await Promise.all(opened.map((tokens) => suite.revocationOf(tokens)));
      expect(revocations).toEqual(opened.map(() => 'ended'));
    });
  });

  describe('a forgotten password', () => {
    const forgot = (email: string) => suite.ask(auth.forgotPassword, { email });

    it('is answered alike whether there is such a user or not', async () => {
      const { email } = await suite.register();
      await expect(forgot(email)).resolves.toEqual({});
      await expect(forgot(someEmail())).resolves.toEqual({});
      await suite.mailsTo(email, 'reset-password');
    });

    it('is replaced with the mailed token, once, and all sessions end', async () => {
      const tokens = await suite.newcomer();
      const { email } = tokens.user;
      await forgot(email.toUpperCase());
      const [{ secret }] = await suite.mailsTo(email, 'reset-password');
      const attempts = [reset(secret), reset(secret, 'An0ther-new-one'), reset(secret, 'A-th1rd-new-one')];
      expect(await tally(attempts)).toEqual({ ok: 1, INVALID_TOKEN: 2 });
      expect(await suite.revocationOf(tokens)).toBe('ended');
      await expect(suite.refresh(tokens.refreshToken)).rejects.toEqual(problem('INVALID_REFRESH_TOKEN'));
      await expect(suite.login(email)).rejects.toEqual(problem('INVALID_CREDENTIALS'));
      expect((await userOf(email))!.verified).toBe(true);
    });

    it('cannot be replaced with a token that has expired, or that went to an address given up since', async () => {
      const tokens = await suite.newcomer();
      const { email, id } = tokens.user;
      await forgot(email);
      const [{ secret }] = await suite.mailsTo(email, 'reset-password');
      await suite.ask(auth.updateProfile, { email: someEmail() }, { caller: callerFrom(tokens) });
      await expect(reset(secret)).rejects.toEqual(problem('INVALID_TOKEN'));

      await suite.ask(auth.updateProfile, { email }, { caller: callerFrom(tokens) });
      const past = { expiresAt: new Date(Date.now() - 1_000) };
      await suite.collection('oneTimeTokens').updateMany({ userId: new ObjectId(id) }, { $set: past });
      await expect(reset(secret)).rejects.toEqual(problem('INVALID_TOKEN'));
    });

    it('fills nobody’s inbox: five mails an hour', async () => {
      const { email } = await suite.register();
      for (let i = 0; i < 8; i++) await expect(forgot(email)).resolves.toEqual({});
      await suite.mailsTo(email, 'reset-password', 5);
    });
  });

  it('says nothing secret in any log', async () => {
    const tokens = await suite.newcomer();
    await suite.login(tokens.user.email, 'a wrong password').catch(() => undefined);
    await suite.refresh(tokens.refreshToken);
    const [{ secret }] = await suite.mailsTo(tokens.user.email, 'verify-email');
    const log = suite.replicas.map((replica) => replica.log).join('\n');
    expect(log).toContain('Nest microservice successfully started');
    for (const text of [PASSWORD, 'a wrong password', tokens.token, tokens.refreshToken, secret]) {
      expect(log).not.toContain(text);
    }
  });
});
