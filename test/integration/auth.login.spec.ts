import { randomUUID } from 'node:crypto';
import { hash } from 'bcrypt';
import { JwtService } from '@nestjs/jwt';
import { accessToken, auth } from '@suite/contracts';
import {
  AuthSuite,
  callerFrom,
  HOME,
  JWT_SECRET,
  NEW_PASSWORD,
  PASSWORD,
  problem,
  START_MS,
  someEmail,
  tally,
} from '../support/auth-suite';
import { eventually } from '../support/eventually';

const ELSEWHERE = { userAgent: 'a script', address: '203.0.113.66' };

describe('registering and logging in', () => {
  let suite: AuthSuite;

  beforeAll(async () => (suite = await AuthSuite.start({ BCRYPT_COST: '6' })), START_MS);
  afterAll(() => suite.stop());

  const wrongLogins = (count: number, email: string, device = HOME) =>
    tally(Array.from({ length: count }, () => suite.login(email, 'not the password', device)));

  describe('registering', () => {
    it('answers with the user, whose address is in lower case, and with nothing secret', async () => {
      const email = someEmail();
      const user = await suite.ask(auth.register, {
        email: email.toUpperCase(),
        password: PASSWORD,
        name: '  Zoë 王 ',
      });
      expect(user).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        email,
        name: '  Zoë 王 ',
        role: 'user',
        tier: 'standard',
        createdAt: expect.any(String),
        replayed: false,
      });
      await expect(suite.login(email.toUpperCase())).resolves.toHaveProperty('user.id', user.id);
    });

    it('keeps a hash of the password and not the password', async () => {
      const { email } = await suite.register();
      const record = await suite.collection('users').findOne({ email });
      expect(record!.passwordHash).toMatch(/^\$2b\$06\$/);
      expect(JSON.stringify(record)).not.toContain(PASSWORD);
    });

    it('names a user who gave no name after the address', async () => {
      const email = someEmail();
      const { name } = await suite.ask(auth.register, { email, password: PASSWORD });
      expect(`${name}@example.com`).toBe(email);
    });

    it('gives an address to one user, however many ask for it at once and in whatever spelling', async () => {
      const email = someEmail();
      const spellings = [email, email.toUpperCase(), email.replace('jo', 'Jo'), email, email];
      expect(await tally(spellings.map((spelling) => suite.register(spelling)))).toEqual({ ok: 1, EMAIL_TAKEN: 4 });
    });

    it('makes an admin only when an admin asks', async () => {
      const body = { email: someEmail(), password: PASSWORD, role: 'admin' as const };
      const caller = callerFrom(await suite.newcomer());
      await expect(suite.ask(auth.register, body)).rejects.toEqual(problem('FORBIDDEN'));
      await expect(suite.ask(auth.register, body, { caller })).rejects.toEqual(problem('FORBIDDEN'));
      const made = await suite.ask(auth.register, body, { caller: callerFrom(await suite.admin()) });
      expect(made.role).toBe('admin');
      await suite.collection('users').deleteOne({ email: made.email });
    });

    it('can be repeated with its idempotency key, also at once, and makes one user', async () => {
      const body = { email: someEmail(), password: PASSWORD, name: 'Jo' };
      const idempotencyKey = randomUUID();
      const answers = await Promise.all([1, 2, 3].map(() => suite.ask(auth.register, body, { idempotencyKey })));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      const other = { ...body, password: NEW_PASSWORD };
      await expect(suite.ask(auth.register, other, { idempotencyKey })).rejects.toEqual(
        problem('IDEMPOTENCY_KEY_REUSED'),
      );
      await expect(suite.ask(auth.register, body, { idempotencyKey: 'another' })).rejects.toEqual(
        problem('EMAIL_TAKEN'),
      );
    });

    it.each([
      ['of 7 characters', 'Seven-7'],
      ['of 73 bytes', 'ü'.repeat(36) + 'x'],
    ])('refuses a password %s', async (_case, password) => {
      await expect(suite.ask(auth.register, { email: someEmail(), password })).rejects.toEqual(
        problem('VALIDATION_FAILED'),
      );
    });

    it('takes a password of 72 bytes whole: its last character counts', async () => {
      const email = someEmail();
      const password = 'ü'.repeat(35) + 'xy';
      await suite.ask(auth.register, { email, password });
      await expect(suite.login(email, 'ü'.repeat(35) + 'xz')).rejects.toEqual(problem('INVALID_CREDENTIALS'));
      await expect(suite.login(email, password)).resolves.toBeDefined();
    });
  });

  describe('logging in', () => {
    it('answers with tokens that say who it is', async () => {
      const user = await suite.register();
      const tokens = await suite.login(user.email);
      expect(tokens.expiresIn).toBe(900);
      const claims = await new JwtService({ secret: JWT_SECRET }).verifyAsync<Record<string, unknown>>(tokens.token, {
        algorithms: [accessToken.algorithm],
        issuer: accessToken.issuer,
        audience: accessToken.audience,
      });
      expect(claims).toMatchObject({ sub: user.id, ver: 0, role: 'user', tier: 'standard', email: user.email });
      expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
    });

    it('says the same of a wrong password, an unknown address and a disabled account', async () => {
      const { email } = await suite.register();
      const disabled = await suite.register();
      await suite.collection('users').updateOne({ email: disabled.email }, { $set: { disabled: true } });
      const attempts = [suite.login(email, 'wrong'), suite.login(someEmail()), suite.login(disabled.email)];
      const reasons = await Promise.all(
        attempts.map((attempt) =>
          attempt.then(
            () => 'let in',
            (reason: unknown) => reason,
          ),
        ),
      );
      expect(reasons).toEqual([problem('INVALID_CREDENTIALS'), reasons[0], reasons[0]]);
    });

    it('hashes a password that was hashed at a lower cost again', async () => {
      const { email } = await suite.register();
      const users = suite.collection('users');
      await users.updateOne({ email }, { $set: { passwordHash: await hash(PASSWORD, 4) } });
      expect(await tally([1, 2, 3].map(() => suite.login(email)))).toEqual({ ok: 3 });
      expect((await users.findOne({ email }))!.passwordHash).toMatch(/^\$2b\$06\$/);
      await expect(suite.login(email)).resolves.toBeDefined();
    });
  });

  describe('guessing', () => {
    it('ends after 10 wrong passwords, also for the right one, and says when to come again', async () => {
      const { email } = await suite.register();
      expect(await wrongLogins(30, email)).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 20 });
      await expect(suite.login(email)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        extra: { retryAfter: expect.any(Number) },
      });
    });

    it('is limited alike for an address that nobody has registered', async () => {
      expect(await wrongLogins(12, someEmail())).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 2 });
    });

    it('begins anew after a right password', async () => {
      const { email } = await suite.register();
      for (let round = 0; round < 3; round++) {
        expect(await wrongLogins(9, email)).toEqual({ INVALID_CREDENTIALS: 9 });
        await expect(suite.login(email)).resolves.toBeDefined();
      }
    });

    it('does not lock the owner out where the account is known', async () => {
      const { email } = await suite.register();
      await suite.login(email);
      expect(await wrongLogins(12, email, ELSEWHERE)).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 2 });
      await expect(suite.login(email, PASSWORD, HOME)).resolves.toBeDefined();
    });

    it('ends after 10 where the account is known, too', async () => {
      const { email } = await suite.register();
      await suite.login(email);
      expect(await wrongLogins(12, email)).toEqual({ INVALID_CREDENTIALS: 10, RATE_LIMITED: 2 });
    });

    it('begins anew with a new password, so that a mailed token is always a way in', async () => {
      const { email } = await suite.register();
      await wrongLogins(11, email);
      await suite.ask(auth.forgotPassword, { email });
      const [{ secret }] = await suite.mailsTo(email, 'reset-password');
      await suite.ask(auth.resetPassword, { token: secret, newPassword: NEW_PASSWORD });
      await expect(suite.login(email, NEW_PASSWORD)).resolves.toBeDefined();
    });
  });
});

describe('hashing passwords', () => {
  let suite: AuthSuite;

  // Dear enough that hashing decides how long a login takes, one at a time.
  const settings = { BCRYPT_COST: '10', HASH_CONCURRENCY: '1', HASH_MAX_WAITING: '40' };
  beforeAll(async () => (suite = await AuthSuite.start(settings)), START_MS);
  afterAll(() => suite.stop());

  const timeOf = async (work: Promise<unknown>) => {
    const begun = performance.now();
    await work.catch(() => undefined);
    return performance.now() - begun;
  };

  it('takes like time whether the address is registered or not, and at whatever cost its hash was made', async () => {
    const registered = await suite.register();
    const outdated = await suite.register();
    await suite
      .collection('users')
      .updateOne({ email: outdated.email }, { $set: { passwordHash: await hash('x', 4) } });
    const emails = [registered.email, someEmail(), outdated.email];
    // The fastest of several in turn, and more of them until they agree: other work on the machine makes some slower, but
    // none faster, and what takes another time by itself never agrees.
    const fastest = emails.map(() => Infinity);
    await eventually(
      async () => {
        for (const [i, email] of emails.entries()) {
          fastest[i] = Math.min(fastest[i], await timeOf(suite.login(email, 'wrong')));
        }
        const [expected, unknown, upgraded] = fastest;
        for (const time of [unknown, upgraded]) {
          expect(time).toBeGreaterThan(expected * 0.6);
          expect(time).toBeLessThan(expected * 1.7);
        }
      },
      { timeoutMs: 60_000 },
    );
  });

  it('refuses what is too much, and leaves other requests alone', async () => {
    const caller = callerFrom(await suite.newcomer());
    let stormy = true;
    const newcomers = Array.from({ length: 200 }, () =>
      suite.ask(auth.register, { email: someEmail(), password: PASSWORD }),
    );
    const storm = tally(newcomers).finally(() => (stormy = false));
    for (let i = 0; i < 20; i++) await suite.ask(auth.profile, {}, { caller });
    expect(stormy).toBe(true);

    const { ok, OVERLOADED } = await storm;
    expect(ok + OVERLOADED).toBe(200);
    expect(OVERLOADED).toBeGreaterThan(100);
    await expect(suite.newcomer()).resolves.toBeDefined();
  });
});
