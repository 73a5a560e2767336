import { orders, type OrderChanged } from '@suite/contracts';
import { Types } from 'mongoose';
import { eventually } from '../support/eventually';
import { HeardEvents, idOf } from '../support/heard-events';
import { MailSuite, PATIENCE_MS } from '../support/mail-suite';

jest.setTimeout(120_000);

const DAY_S = 24 * 3_600;

describe('what happens to orders, heard by two replicas', () => {
  let suite: MailSuite;
  let events: HeardEvents;
  beforeAll(async () => {
    suite = await MailSuite.start();
    events = new HeardEvents(suite);
  });
  afterAll(() => suite?.stop());

  const placed = (changes: Partial<OrderChanged> = {}): OrderChanged =>
    suite.confirmed({ seq: 1, status: 'PENDING', previousStatus: undefined, ...changes });
  const confirmed = (fact: OrderChanged): OrderChanged => ({
    ...fact,
    ...{ seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING' },
  });
  const tell = (fact: OrderChanged) => suite.wires.tell(orders.changed, fact);
  const many = (length: number) => Array.from({ length }, () => placed());
  /** How many facts are in the hands of the two. */
  const inHand = async () => (await suite.wires.redis.xpending('ev:{orders}', 'notifications'))[0] as number;

  /** Each was said, and none before the one in front of it. */
  async function expectInOrder(list: OrderChanged[]): Promise<void> {
    for (const { orderId } of list) {
      expect([...new Set(await events.said(orderId))]).toEqual([`${orderId}.1`, `${orderId}.2`]);
    }
  }

  it('is said by its seq when both are told at the same moment', async () => {
    const list = many(60);
    await Promise.all(list.flatMap((fact) => [tell(fact), tell(confirmed(fact))]));
    for (const fact of list) await events.untilKept(confirmed(fact), PATIENCE_MS);
    await expectInOrder(list);
  });

  it('is said by its seq when what came second is heard first', async () => {
    const list = many(20);
    await Promise.all(list.map((fact) => tell(confirmed(fact))));
    await eventually(async () => expect(await inHand()).toBe(20));
    expect(await events.kept(confirmed(list[0]))).toBeNull();
    await Promise.all(list.map(tell));
    for (const fact of list) await events.untilKept(confirmed(fact), PATIENCE_MS);
    await expectInOrder(list);
  });

  it('is not said again when it is told again', async () => {
    const fact = placed();
    await tell(fact);
    await events.untilKept(fact);
    const before = await events.said(fact.orderId);
    await Promise.all([1, 2, 3].map(() => tell(fact)));
    await eventually(async () => expect(await inHand()).toBe(0));
    expect(before).toEqual([idOf(fact)]);
    expect(await events.said(fact.orderId)).toEqual(before);
  });

  it('is said all the same where what came before it never comes, sooner of an order from long ago', async () => {
    const young = placed({ seq: 3, status: 'CONFIRMED', previousStatus: 'AWAITING_PAYMENT' });
    const longAgo = Types.ObjectId.createFromTime(Math.floor(Date.now() / 1_000) - 8 * DAY_S);
    const old = { ...young, orderId: String(longAgo) };
    await tell(young);
    await tell(old);
    await Promise.all([young, old].map((fact) => events.untilKept(fact, PATIENCE_MS)));
    const ids = [young, old].map(idOf);
    expect((await events.said()).filter((id) => ids.includes(id))).toEqual([idOf(old), idOf(young)]);
    await tell({ ...young, seq: 4, status: 'CANCELLED', previousStatus: 'CONFIRMED' });
    await eventually(async () => expect(await events.said(young.orderId)).toHaveLength(2));
  });

  it('is said by its seq when a replica is killed with some of it in hand', async () => {
    const list = many(100);
    await Promise.all(list.map(tell));
    suite.replicas[0].process.kill('SIGKILL');
    await Promise.all(list.map((fact) => tell(confirmed(fact))));
    for (const fact of list) await events.untilKept(confirmed(fact), PATIENCE_MS);
    await expectInOrder(list);
    suite.replicas[0] = await suite.startReplica();
  });
});
