import { orders } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { newId, someCaller, someProduct } from '../support/stock';

const overloaded = { code: 'OVERLOADED', status: 503, extra: { retryAfter: 2 } };

describe('when more orders come than can be worked off,', () => {
  let suite: OrderSuite;

  // Nobody works them off here.
  beforeAll(async () => {
    suite = await OrderSuite.start('stock');
    await suite.add('orders', { ORDERS_MAX_WAITING: '1000' });
  });
  afterAll(() => suite?.stop());

  const standard = someCaller();
  const vip = someCaller({ tier: 'vip' });

  /** More that wait; what they are is nobody's business as long as nobody works on them. */
  const crowd = (count: number) =>
    suite.queue().addBulk(
      Array.from({ length: count }, (_, i) => ({
        name: 'waiting',
        data: {},
        opts: { jobId: `${newId()}-${i}`, priority: 10 },
      })),
    );

  it('standard orders are turned away first, then VIPs, until there is room again', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const place = (caller: typeof vip) => suite.place(oneOf(product), { caller });
    await place(standard);
    await crowd(800);
    await eventually(() => expect(place(standard)).rejects.toMatchObject(overloaded));
    await place(vip);
    await crowd(200);
    await eventually(() => expect(place(vip)).rejects.toMatchObject(overloaded));
    await suite.queue().obliterate({ force: true });
    await eventually(() => place(standard));
  });

  it('who is turned away has no order, and may come again with the same key', async () => {
    const product = await someProduct(suite.wires);
    const caller = someCaller();
    const place = () => suite.place(oneOf(product), { caller, idempotencyKey: 'mine' });
    await crowd(1_000);
    await eventually(() => expect(suite.place(oneOf(product))).rejects.toMatchObject(overloaded));
    await expect(place()).rejects.toMatchObject(overloaded);
    await suite.queue().obliterate({ force: true });
    expect(await eventually(place)).toMatchObject({ replayed: false });
    expect((await suite.wires.ask(orders.list, {}, { caller })).meta.total).toBe(1);
  });

  it('nobody is let in while Redis has little memory left', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const { redis } = suite.wires;
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
    try {
      await redis.config('SET', 'maxmemory', Math.round(used / 0.9));
      await eventually(() => expect(suite.place(oneOf(product), { caller: vip })).rejects.toMatchObject(overloaded));
    } finally {
      await redis.config('SET', 'maxmemory', 0);
    }
    await eventually(() => suite.place(oneOf(product), { caller: vip }));
  });
});
