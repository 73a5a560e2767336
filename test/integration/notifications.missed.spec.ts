import { notifications, orders, type OrderChanged } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { FailpointFile, HeardEvents, idOf } from '../support/heard-events';
import { MailSuite, PATIENCE_MS } from '../support/mail-suite';
import { someAdmin, someCaller } from '../support/stock';

describe('what a browser has missed', () => {
  const failpoints = new FailpointFile();
  let suite: MailSuite;
  let events: HeardEvents;
  beforeAll(async () => {
    suite = await MailSuite.start(() => failpoints.environment);
    events = new HeardEvents(suite);
  });
  afterAll(async () => {
    await suite?.stop();
    failpoints.remove();
  });
  beforeEach(() => failpoints.set());

  const caller = someCaller();
  const placed = (changes: Partial<OrderChanged> = {}): OrderChanged =>
    suite.confirmed({ userId: caller.userId, seq: 1, status: 'PENDING', previousStatus: undefined, ...changes });
  const missed = async (since: { lastEventId?: string; orderId?: string }, who = caller) => {
    const { items } = await suite.wires.ask(notifications.missed, since, { caller: who });
    return items.map(({ id }) => id);
  };
  const missedSince = (lastEventId: string) => missed({ lastEventId });
  async function tell(fact: OrderChanged): Promise<OrderChanged> {
    await suite.wires.tell(orders.changed, fact);
    return events.untilKept(fact, PATIENCE_MS);
  }

  it('is all that followed, in the order in which it was said, and nothing that was heard before', async () => {
    const tea = await tell(placed());
    const teaConfirmed = await tell({ ...tea, seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING' });
    const pot = await tell(placed());
    expect(await missedSince(idOf(tea))).toEqual([idOf(teaConfirmed), idOf(pot)]);
    expect(await missedSince(idOf(teaConfirmed))).toEqual([idOf(pot)]);
    expect(await missedSince(idOf(pot))).toEqual([]);
  });

  it('is one’s own alone, and an admin’s is everybody’s', async () => {
    const before = await tell(placed());
    const theirs = await tell(placed({ userId: someCaller().userId }));
    expect(await missedSince(idOf(before))).toEqual([]);
    expect(await missed({ lastEventId: idOf(before) }, someAdmin)).toEqual([idOf(theirs)]);
  });

  it('is, of one order, what happened to it, by its seq also where that has two digits', async () => {
    const order = placed();
    const facts = Array.from({ length: 11 }, (_, i) => ({ ...order, seq: i + 1 }));
    await Promise.all(facts.map((fact) => suite.wires.tell(orders.changed, fact)));
    await events.untilKept(facts[10], PATIENCE_MS);
    await tell(placed());
    expect(await missed({ orderId: order.orderId })).toEqual(facts.map(idOf));
    expect(await missed({ orderId: order.orderId, lastEventId: idOf(facts[8]) })).toEqual(facts.slice(9).map(idOf));
    expect(await missed({ orderId: order.orderId }, someCaller())).toEqual([]);
  });

  it('is answered once what is being said this moment is written down', async () => {
    const [before, late] = [await tell(placed()), placed()];
    failpoints.set({ name: 'slow', at: 'event.said', action: 'slow', ms: 1_500, about: late.orderId });
    await suite.wires.tell(orders.changed, late);
    await eventually(async () => expect(await events.said(late.orderId)).toEqual([idOf(late)]));
    expect(await events.kept(late)).toBeNull();
    const [since, ofOrder] = await Promise.all([missedSince(idOf(before)), missed({ orderId: late.orderId })]);
    expect([since, ofOrder]).toEqual([[idOf(late)], [idOf(late)]]);
  });

  it('is said again where it was written so late that nobody waited for it any more', async () => {
    const late = placed();
    failpoints.set({ name: 'frozen', at: 'event.said', action: 'slow', ms: 4_000, about: late.orderId });
    await suite.wires.tell(orders.changed, late);
    await eventually(async () => expect(await events.said(late.orderId)).toHaveLength(1));
    expect(await missed({ orderId: late.orderId })).toEqual([]);
    await eventually(async () => expect(await events.said(late.orderId)).toHaveLength(2));
    expect(await missed({ orderId: late.orderId })).toEqual([idOf(late)]);
  });

  it('counts from when it was said last, where a replica was killed before it had written that down', async () => {
    const late = placed();
    failpoints.set({ name: 'killed', at: 'event.said', action: 'kill', about: late.orderId });
    await suite.wires.tell(orders.changed, late);
    await eventually(() => expect(suite.replicas.filter(({ runs }) => !runs)).toHaveLength(1));
    const early = await tell(placed());
    await events.untilKept(late, PATIENCE_MS);
    expect(await events.said(late.orderId)).toEqual([idOf(late), idOf(late)]);
    expect(await missedSince(idOf(early))).toEqual([idOf(late)]);
    suite.replicas = [...suite.replicas.filter(({ runs }) => runs), await suite.startReplica()];
  });

  it('is, after an event that is not known, all since its order was placed', async () => {
    const fact = await tell(placed());
    expect(await missedSince(idOf({ ...fact, seq: 7 }))).toContain(idOf(fact));
    expect(await missedSince(idOf({ orderId: '5'.repeat(24), seq: 1 }))).toContain(idOf(fact));
  });
});
