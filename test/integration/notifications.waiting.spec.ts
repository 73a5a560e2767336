import { auth, orders, type OrderChanged } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { HeardEvents } from '../support/heard-events';
import { MailSuite, PATIENCE_MS } from '../support/mail-suite';

const AFTER_MS = 2_000;

describe('the mail that says what an order waits for', () => {
  let suite: MailSuite;
  let events: HeardEvents;

  beforeAll(async () => {
    suite = await MailSuite.start(() => ({ MAIL_WAITING_AFTER_MS: String(AFTER_MS) }));
    events = new HeardEvents(suite);
  });
  afterAll(() => suite.stop());
  beforeEach(() => suite.sandbox.turn({}));

  const placed = (changes: Partial<OrderChanged> = {}) =>
    suite.confirmed({ seq: 1, status: 'PENDING', previousStatus: undefined, ...changes });
  const tell = (change: OrderChanged) => suite.wires.tell(orders.changed, change);
  const subjectsTo = async (address: string) =>
    (await suite.sandbox.mailsTo(address)).map(({ subject }) => subject).sort();
  /** The time of everything that was told before this is over. */
  async function timePasses(): Promise<void> {
    const last = placed();
    await tell(last);
    await suite.stateOf(orders.changed.key(last), 'sent');
  }

  it('comes once, whoever hears of it and however often', async () => {
    const change = placed();
    await Promise.all([1, 2, 3].map(() => tell(change)));
    await suite.stateOf(orders.changed.key(change), 'sent');
    await tell(change);
    await timePasses();
    expect(await subjectsTo(change.email)).toEqual(['We have received your order A7K2-9QXM-41']);
    await eventually(async () => expect(await events.kept(change)).not.toHaveProperty('waiting'));
  });

  it('does not come when the order is confirmed meanwhile: that is one mail, not two', async () => {
    const change = placed();
    await tell(change);
    await tell({ ...change, seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING' });
    await suite.stateOf(`${change.orderId}.2`, 'sent');
    await timePasses();
    expect(await subjectsTo(change.email)).toEqual(['Your order A7K2-9QXM-41 is confirmed']);
  });

  it('does not come either when what happened later was heard first', async () => {
    const change = placed();
    await tell({ ...change, seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING' });
    await suite.stateOf(`${change.orderId}.2`, 'sent');
    await tell(change);
    await timePasses();
    expect(await subjectsTo(change.email)).toEqual(['Your order A7K2-9QXM-41 is confirmed']);
  });

  it('says that it waits for its payment, unless it is paid at once', async () => {
    const [late, prompt] = [placed(), placed()];
    for (const change of [late, prompt]) {
      await tell(change);
      await tell({ ...change, seq: 2, status: 'AWAITING_PAYMENT', previousStatus: 'PENDING' });
    }
    await tell({ ...prompt, seq: 3, status: 'CONFIRMED', previousStatus: 'AWAITING_PAYMENT' });
    await suite.stateOf(`${late.orderId}.2`, 'sent');
    await suite.stateOf(`${prompt.orderId}.3`, 'sent');
    await timePasses();
    expect(await subjectsTo(late.email)).toEqual(['Your order A7K2-9QXM-41 waits for your payment']);
    expect(await subjectsTo(prompt.email)).toEqual(['Your order A7K2-9QXM-41 is confirmed']);
  });

  it('does not say of an order that an admin replays that it was received', async () => {
    const change = placed();
    await tell({ ...change, seq: 2, status: 'FAILED', previousStatus: 'PENDING' });
    await tell(change);
    await tell({ ...change, seq: 3, status: 'PENDING', previousStatus: 'FAILED' });
    await suite.stateOf(`${change.orderId}.2`, 'sent');
    await timePasses();
    expect(await subjectsTo(change.email)).toEqual(['Your order A7K2-9QXM-41 could not be completed']);
  });

  it('comes from another replica when the one that heard of it was killed', async () => {
    const change = placed();
    await tell(change);
    await eventually(async () => expect(await events.kept(change)).toHaveProperty('waiting'));
    suite.replicas[0].process.kill('SIGKILL');
    suite.replicas[0] = await suite.startReplica();
    await suite.stateOf(orders.changed.key(change), 'sent');
    expect(await suite.sandbox.mailsTo(change.email)).toHaveLength(1);
  });

  it('is forgotten with its customer', async () => {
    const change = placed();
    await tell(change);
    await eventually(async () => expect(await events.kept(change)).toHaveProperty('waiting'));
    await suite.wires.tell(auth.userErased, { userId: change.userId, at: new Date().toISOString() });
    await eventually(async () => expect(await events.kept(change)).not.toHaveProperty('waiting'), {
      timeoutMs: AFTER_MS / 2,
    });
    await timePasses();
    expect(await suite.sandbox.mailsTo(change.email)).toEqual([]);
  });

  it('is written in no more writes than the events are: a hundred orders, confirmed at once', async () => {
    const changes = Array.from({ length: 100 }, () => placed());
    await Promise.all(changes.map(tell));
    await Promise.all(changes.map((change) => tell({ ...change, seq: 2, status: 'CONFIRMED' })));
    const keys = (seq: number) => changes.map(({ orderId }) => `${orderId}.${seq}`);
    await eventually(
      async () => expect(await suite.mails.countDocuments({ _id: { $in: keys(2) }, state: 'sent' })).toBe(100),
      { timeoutMs: PATIENCE_MS },
    );
    await timePasses();
    expect(await suite.mails.countDocuments({ _id: { $in: keys(1) } })).toBe(0);
  });
});
