import { Types } from 'mongoose';
import { auth, ERASED, notifications, orders, type DeadMail } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { MailSuite } from '../support/mail-suite';
import { someAdmin, someCaller } from '../support/stock';

const admin = { caller: someAdmin };

describe('the dead letters of mails', () => {
  let suite: MailSuite;

  beforeAll(async () => {
    suite = await MailSuite.start();
  });
  afterAll(() => suite.stop());
  beforeEach(() => suite.sandbox.turn({}));

  const get = (id: string) => suite.wires.ask(notifications.deadMail, { id }, admin);
  const list = (query = {}) => suite.wires.ask(notifications.deadMails, { limit: 100, ...query }, admin);
  const replay = (id: string, idempotencyKey?: string) =>
    suite.wires.ask(notifications.replayDeadMail, { id }, { ...admin, ...(idempotencyKey && { idempotencyKey }) });
  const discard = (id: string) =>
    suite.wires.ask(notifications.discardDeadMail, { id, reason: 'The customer was called' }, admin);
  const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

  /** A mail about an order that the mail server will never take; it is well again. */
  async function refused(userId = String(new Types.ObjectId())): Promise<DeadMail> {
    await suite.sandbox.turn({ smtpRefuse: 'permanent' });
    const change = suite.confirmed({ userId });
    await suite.wires.tell(orders.changed, change);
    const { deadLetter } = await suite.stateOf(orders.changed.key(change), 'failed');
    await suite.sandbox.turn({});
    return get(String(deadLetter!.id));
  }

  it('say what was given up, why, and to whom it was', async () => {
    const userId = String(new Types.ObjectId());
    const letter = await refused(userId);
    expect(letter).toMatchObject({
      key: expect.stringMatching(/^[0-9a-f]{24}\.2$/) as string,
      kind: 'order-confirmed',
      to: expect.stringContaining('@example.com') as string,
      userId,
      reason: 'REFUSED',
      error: expect.stringContaining('550') as string,
      attempts: 1,
      state: 'open',
      audit: [],
    });
    expect(JSON.stringify(letter)).not.toContain('Sencha');
    expect((await list()).items[0]).toEqual(letter);
    expect((await list({ kind: 'order-confirmed', reason: 'REFUSED' })).items[0]).toEqual(letter);
    expect((await list({ kind: 'order-shipped' })).items).toEqual([]);
    expect((await list({ reason: 'EXHAUSTED' })).items).toEqual([]);
  });

  it('are sent when they are replayed, once, and know who wanted it', async () => {
    const { id, key, to } = await refused();
    const { letter, replayed } = await replay(id, 'again');
    expect([letter.state, replayed]).toEqual(['replayed', false]);
    expect(letter.audit).toMatchObject([{ action: 'replayed', by: someAdmin.userId }]);
    await suite.stateOf(key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
    expect(await replay(id, 'again')).toMatchObject({ letter: { id, state: 'replayed' }, replayed: true });
    await expect(replay(id, 'another')).rejects.toEqual(code('ALREADY_REPLAYED'));
    await expect(replay(id)).rejects.toEqual(code('ALREADY_REPLAYED'));
    await expect(discard(id)).rejects.toEqual(code('ALREADY_REPLAYED'));
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are replayed once when many ask for it at once', async () => {
    const { id, key, to } = await refused();
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => replay(id, `key-${n}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await suite.stateOf(key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are open again when they are replayed in vain, and keep their story', async () => {
    const { id, key } = await refused();
    await suite.sandbox.turn({ smtpRefuse: 'permanent' });
    await replay(id);
    await eventually(async () => expect((await get(id)).attempts).toBe(2));
    expect(await get(id)).toMatchObject({ state: 'open', key, audit: [{ action: 'replayed' }] });
    await suite.sandbox.turn({});
    await replay(id);
    await suite.stateOf(key, 'sent');
    expect((await get(id)).audit).toHaveLength(2);
  });

  it('are sent though Redis was emptied, or the process died, right after they were replayed', async () => {
    const { id, key, to } = await refused();
    await replay(id);
    await suite.queue.remove(`mail-${key}`).catch(() => 0);
    await suite.stateOf(key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are discarded with a reason, and not sent any more', async () => {
    const { id, key } = await refused();
    expect(await discard(id)).toMatchObject({
      state: 'discarded',
      audit: [{ action: 'discarded', by: someAdmin.userId, reason: 'The customer was called' }],
    });
    await expect(discard(id)).rejects.toEqual(code('INVALID_TRANSITION'));
    await expect(replay(id)).rejects.toEqual(code('INVALID_TRANSITION'));
    expect((await list({ state: 'discarded' })).items.map((letter) => letter.id)).toContain(id);
    expect((await list()).items.map((letter) => letter.id)).not.toContain(id);
    expect(await suite.mails.findOne({ _id: key })).toMatchObject({ state: 'failed' });
  });

  it('are replayed together after the mail server was mended, all but those whose token is gone', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const welcomes = await Promise.all(
      Array.from({ length: 20 }, () => suite.enqueue({ kind: 'welcome', data: { name: 'Jo' } }, 1)),
    );
    const token = await suite.enqueue({}, 1);
    for (const { key } of [...welcomes, token]) await suite.stateOf(key, 'failed');
    await suite.sandbox.turn({});
    const ask = (limit?: number) =>
      suite.wires.ask(notifications.replayDeadMails, { reason: 'EXHAUSTED', ...(limit && { limit }) }, admin);
    expect(await ask(5)).toEqual({ replayed: 5 });
    expect((await Promise.all([ask(), ask()])).reduce((sum, { replayed }) => sum + replayed, 0)).toBe(15);
    for (const { key, to } of welcomes) {
      await suite.stateOf(key, 'sent');
      expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
    }
    const { deadLetter } = await suite.stateOf(token.key, 'failed');
    await expect(replay(String(deadLetter!.id))).rejects.toEqual(code('INVALID_TRANSITION'));
    expect(await discard(String(deadLetter!.id))).toMatchObject({ kind: 'verify-email', state: 'discarded' });
  });

  it('are of no person any more whose account was erased', async () => {
    const userId = String(new Types.ObjectId());
    const { id, key, to } = await refused(userId);
    await suite.wires.tell(auth.userErased, { userId, at: new Date().toISOString() });
    await eventually(async () => expect((await suite.mails.findOne({ _id: key }))!.deadLetter).toBeUndefined());
    await expect(get(id)).rejects.toEqual(code('DEAD_LETTER_NOT_FOUND'));
    const mail = await suite.mails.findOne({ _id: key });
    expect(mail).toMatchObject({ to: ERASED.email, state: 'failed' });
    expect(JSON.stringify(mail)).not.toContain(to);
  });

  it('are counted for whoever watches', async () => {
    await refused();
    const port = await freePort();
    const watched = await suite.startReplica({ INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' });
    const { total } = (await list()).meta;
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await watched.stop();
    expect(total).toBeGreaterThan(0);
    expect(metrics).toMatch(new RegExp(`^dead_mails_open ${total}$`, 'm'));
    expect(metrics).toContain('# TYPE mails_ended_total counter');
  });

  it('are for admins alone, and of something', async () => {
    const { id } = await refused();
    for (const caller of [someCaller(), undefined]) {
      const expected = code(caller ? 'FORBIDDEN' : 'UNAUTHORIZED');
      await expect(suite.wires.ask(notifications.deadMails, {}, { caller })).rejects.toEqual(expected);
      await expect(suite.wires.ask(notifications.deadMail, { id }, { caller })).rejects.toEqual(expected);
      await expect(suite.wires.ask(notifications.replayDeadMail, { id }, { caller })).rejects.toEqual(expected);
      await expect(suite.wires.ask(notifications.replayDeadMails, {}, { caller })).rejects.toEqual(expected);
      await expect(suite.wires.ask(notifications.discardDeadMail, { id, reason: 'mine' }, { caller })).rejects.toEqual(
        expected,
      );
    }
    expect((await get(id)).state).toBe('open');
    await expect(get('f'.repeat(24))).rejects.toEqual(code('DEAD_LETTER_NOT_FOUND'));
    await expect(replay('f'.repeat(24))).rejects.toEqual(code('DEAD_LETTER_NOT_FOUND'));
  });
});
