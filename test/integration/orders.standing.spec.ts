import type { Queue } from 'bullmq';
import { orders } from '@suite/contracts';
import { deadOrders } from '../support/dead-orders';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { someAdmin, someCaller, someProduct } from '../support/stock';

describe('what operators look at', () => {
  let suite: OrderSuite;
  let queue: Queue;
  const asAdmin = { caller: someAdmin };
  const standing = () => suite.wires.ask(orders.standing, {}, asAdmin);
  const dryRun = (id: string) => suite.wires.ask(orders.tryDeadLetter, { id }, asAdmin);

  beforeAll(async () => {
    suite = await OrderSuite.start('stock');
    await suite.add('orders', { STANDARD_MAX_WAIT: '20s' });
    queue = suite.queue();
    await suite.add('processor', { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' });
  });
  afterAll(() => suite?.stop());

  it('is all nothing in a shop without orders, and tells the bound of waiting', async () => {
    const { lanes, ...rest } = await standing();
    const { items: debts } = await suite.wires.ask(orders.debts, {}, asAdmin);
    expect(lanes).toEqual([
      { lane: 'standard', pending: 0, oldestMs: 0 },
      { lane: 'vip', pending: 0, oldestMs: 0 },
    ]);
    expect(debts.map(({ orders: owing, oldestMs }) => [owing, oldestMs])).toEqual(debts.map(() => [0, 0]));
    expect(rest).toEqual({ standardMaxWaitMs: 20_000, awaitingPayment: 0, dead: 0 });
  });

  it('counts those who wait, by lane, and for how long the oldest has', async () => {
    const product = await someProduct(suite.wires, { initialStock: 10 });
    await queue.pause();
    const placed = await Promise.all([
      suite.place(oneOf(product), { caller: someCaller() }),
      suite.place(oneOf(product), { caller: someCaller() }),
      suite.place(oneOf(product), { caller: { ...someCaller(), tier: 'vip' } }),
    ]);
    await eventually(async () => {
      const { lanes } = await standing();
      expect(lanes).toMatchObject([
        { lane: 'standard', pending: 2 },
        { lane: 'vip', pending: 1 },
      ]);
      for (const { oldestMs } of lanes) expect(oldestMs).toBeGreaterThan(0);
    });
    await queue.resume();
    for (const { order } of placed) await suite.ended(order.id);
    expect((await standing()).lanes.map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('says what a dead letter would meet now, and changes nothing by asking', async () => {
    const [{ letter, mend }] = await deadOrders(suite, queue);
    // Stock remembers for a moment that there was some, and later that there was none.
    await eventually(async () =>
      expect(await dryRun(letter.id)).toMatchObject({ passes: false, code: expect.stringMatching(/STOCK/) as string }),
    );
    await mend();
    await eventually(async () => expect(await dryRun(letter.id)).toEqual({ id: letter.id, passes: true }));
    expect((await suite.order(letter.orderId)).status).toBe('FAILED');
    await suite.wires.ask(orders.replayDeadLetter, { id: letter.id }, asAdmin);
    await suite.ended(letter.orderId);
    expect(await dryRun(letter.id)).toMatchObject({ passes: false, code: 'ALREADY_REPLAYED' });
    await expect(dryRun('0'.repeat(24))).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
  });

  it('tells what is at stake with each cause: orders, customers and money', async () => {
    await suite.wires.database('orders').collection('deadLetters').deleteMany({});
    const dead = await deadOrders(suite, queue, 3);
    const customer = dead[0].letter.userId;
    const letters = suite.wires.database('orders').collection('deadLetters');
    const { userId } = (await letters.findOne({ number: dead[0].letter.number }))!;
    await letters.updateOne({ number: dead[1].letter.number }, { $set: { userId: userId as object } });
    const { items } = await suite.wires.ask(orders.deadLetterGroups, {}, asAdmin);
    const price = dead[0].product.price;
    expect(items).toMatchObject([{ reason: 'STOCK_NOT_FOUND', open: 3, customers: 2, total: 3 * price }]);
    expect(dead.map(({ letter }) => letter.total)).toEqual([price, price, price]);
    expect(customer).toBe(String(userId));
    expect((await standing()).dead).toBe(3);
    await dead[0].mend();
  });

  it('tells the story of an order to admins, with what nobody else sees', async () => {
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    await suite.wires.ask(orders.replayDeadLetter, { id: letter.id }, asAdmin);
    await suite.ended(letter.orderId);
    const story = await suite.wires.ask(orders.story, { id: letter.orderId }, asAdmin);
    expect(story).toMatchObject({
      order: { id: letter.orderId, status: 'CONFIRMED' },
      requestId: letter.requestId,
      replays: 1,
      crashes: 0,
      letters: [{ id: letter.id, state: 'replayed' }],
    });
    expect(story.claims).toBeGreaterThanOrEqual(2);
    const asked = suite.wires.ask(orders.story, { id: letter.orderId }, { caller: someCaller() });
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
