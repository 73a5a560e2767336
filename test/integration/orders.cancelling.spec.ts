import { orders } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { audit, someCaller, someProduct } from '../support/stock';

describe('cancelling an order', () => {
  let suite: OrderSuite;
  const caller = someCaller();
  const cancel = (id: string, by = caller) => suite.wires.ask(orders.cancel, { id }, { caller: by });
  const expectAllBack = (stockId: string, available: number) =>
    eventually(async () =>
      expect(await audit(suite.wires.database('stock'), stockId)).toMatchObject({
        counters: { available, reserved: 0, sold: 0 },
        replayed: { available, reserved: 0, sold: 0 },
        held: 0,
        committed: 0,
      }),
    );

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'processor', 'processor');
  });
  afterAll(() => suite?.stop());

  it('gives back what a confirmed one had taken', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product, 3), { caller });
    await suite.ended(order.id);
    expect(await cancel(order.id)).toMatchObject({
      status: 'CANCELLED',
      history: [{ seq: 1 }, { seq: 2 }, { seq: 3, status: 'CANCELLED', by: caller.userId }],
    });
    await expectAllBack(product.stock.id, 10);
  });

  it('at whatever moment of its processing, leaves it cancelled and the stock whole', async () => {
    const product = await someProduct(suite.wires, { initialStock: 200 });
    const placed = await Promise.all(Array.from({ length: 100 }, () => suite.place(oneOf(product, 2), { caller })));
    await Promise.all(placed.map(({ order }) => cancel(order.id)));
    await expectAllBack(product.stock.id, 200);
    const ended = await Promise.all(placed.map(({ order }) => suite.order(order.id)));
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['CANCELLED']));
    for (const { history } of ended) expect(history.map(({ seq }) => seq)).toEqual(history.map((_, i) => i + 1));
  });

  it('leaves alone those that are confirmed beside it, in the same write', async () => {
    const product = await someProduct(suite.wires, { initialStock: 100 });
    const queue = suite.queue();
    await queue.pause();
    const placed = await Promise.all(Array.from({ length: 60 }, () => suite.place(oneOf(product), { caller })));
    const resumed = queue.resume();
    const unwanted = placed.filter((_, i) => i % 2 === 1).map(({ order }) => order.id);
    await Promise.all([resumed, ...unwanted.map((id) => cancel(id))]);
    const ended = await Promise.all(placed.map(({ order }) => suite.ended(order.id)));
    expect(ended.map(({ status }) => status)).toEqual(placed.map((_, i) => (i % 2 === 1 ? 'CANCELLED' : 'CONFIRMED')));
    await eventually(async () =>
      expect(await audit(suite.wires.database('stock'), product.stock.id)).toMatchObject({
        counters: { available: 70, reserved: 0, sold: 30 },
        committed: 30,
      }),
    );
  });

  it('is refused when it has ended, or is somebody else’s', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product), { caller });
    await expect(cancel(order.id, someCaller())).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' });
    await cancel(order.id);
    await expect(cancel(order.id)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });
});
