import type { Queue } from 'bullmq';
import type { Order, Tier } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { someCaller, someProduct } from '../support/stock';

/** One order at a time, so that the order in which they are taken up can be seen. */
const slow = { PROCESSOR_CONCURRENCY: '1', STANDARD_MAX_WAIT: '10s', RELAY_EVERY_MS: '200' };

describe('the lanes of the queue', () => {
  let suite: OrderSuite;
  let queue: Queue;
  const confirmedAt = ({ history }: Order) => Date.parse(history.at(-1)!.at);
  const placeAll = async (tier: Tier, count: number) => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    return Promise.all(
      Array.from({ length: count }, () => suite.place(oneOf(product), { caller: someCaller({ tier }) })),
    );
  };
  const allQueued = (count: number) =>
    eventually(async () => expect(await queue.getJobCountByTypes('prioritized', 'waiting')).toBe(count));

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders');
    queue = suite.queue();
    await suite.add('processor', slow);
  });
  afterAll(() => suite?.stop());

  it('let VIPs overtake a backlog, and say where a waiting order stands', async () => {
    await queue.pause();
    const standard = await placeAll('standard', 30);
    const vips = await placeAll('vip', 6);
    await allQueued(36);
    const last = await suite.order(standard.at(-1)!.order.id);
    expect(last.queue).toMatchObject({ lane: 'standard' });
    expect(last.queue!.position).toBeGreaterThan(vips.length);
    expect((await suite.order(vips[0].order.id)).queue).toMatchObject({ lane: 'vip' });
    await queue.resume();
    const ended = async (placed: typeof vips) => Promise.all(placed.map(({ order }) => suite.ended(order.id)));
    const lastVip = Math.max(...(await ended(vips)).map(confirmedAt));
    const overtaken = (await ended(standard)).filter((order) => confirmedAt(order) > lastVip);
    // One may have been taken up already when the queue went on.
    expect(overtaken.length).toBeGreaterThanOrEqual(standard.length - 1);
    expect((await suite.order(vips[0].order.id)).queue).toBeUndefined();
  });

  it('move a standard order before all VIPs once it has waited long enough', async () => {
    await queue.pause();
    const [old] = await placeAll('standard', 1);
    const vips = await placeAll('vip', 20);
    await allQueued(21);
    // It was placed a while ago.
    const orderRecords = suite.wires.database('orders').collection('orders');
    await orderRecords.updateOne({ number: old.order.number }, { $set: { createdAt: new Date(Date.now() - 9_000) } });
    await eventually(async () =>
      expect(await orderRecords.countDocuments({ number: old.order.number, promotedAt: { $exists: true } })).toBe(1),
    );
    await queue.resume();
    const promoted = confirmedAt(await suite.ended(old.order.id));
    const ended = await Promise.all(vips.map(({ order }) => suite.ended(order.id)));
    const before = ended.filter((order) => confirmedAt(order) < promoted);
    expect(before.length).toBeLessThanOrEqual(1);
  });

  it('keep an order there whose job is lost', async () => {
    await queue.pause();
    const [{ order }] = await placeAll('standard', 1);
    await allQueued(1);
    const records = suite.wires.database('orders').collection('orders');
    const [one, then] = [{ number: order.number }, new Date(Date.now() - 9_000)];
    await records.updateOne(one, { $set: { createdAt: then } });
    await eventually(async () => expect(await records.findOne(one)).toHaveProperty('promotedAt'));
    await (await queue.getJob(`order-${order.id}-0`))!.remove();
    await eventually(async () => expect(await queue.getJob(`order-${order.id}-0`)).toMatchObject({ priority: 0 }), {
      timeoutMs: 20_000,
    });
    await queue.resume();
    await suite.ended(order.id);
  });
});
