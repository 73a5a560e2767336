import { orders, type PlaceOrder } from '@suite/contracts';
import { oneOf, OrderSuite } from '../support/orders';
import { newId, someCaller, someProduct } from '../support/stock';

describe('placing an order', () => {
  let suite: OrderSuite;

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'processor');
  });
  afterAll(() => suite?.stop());

  it('answers PENDING with a binding price, and ends CONFIRMED with the stock sold', async () => {
    const product = await someProduct(suite.wires, { price: 1_250 });
    const caller = someCaller({ name: 'Zoë', tier: 'vip' });
    const { order, replayed } = await suite.place(oneOf(product, 2), { caller });
    expect({ ...order, replayed }).toMatchObject({
      replayed: false,
      status: 'PENDING',
      tier: 'vip',
      userId: caller.userId,
      total: 2_500,
      items: [{ quantity: 2, price: 1_250, lineTotal: 2_500, shipped: 0, refunded: 0 }],
      payment: { method: 'CASH_ON_DELIVERY', status: 'NONE', refunded: 0 },
      history: [{ seq: 1, status: 'PENDING', kind: 'status' }],
    });
    const ended = await suite.ended(order.id);
    expect(ended).toMatchObject({ status: 'CONFIRMED', history: [{ seq: 1 }, { seq: 2, status: 'CONFIRMED' }] });
    const [stock] = await suite.wires
      .database('stock')
      .collection('stock')
      .find({ productId: { $exists: true } })
      .toArray();
    expect(stock).toMatchObject({ available: 8, reserved: 0, sold: 2 });
  });

  it('sums two lines of one stock', async () => {
    const product = await someProduct(suite.wires, { initialStock: 3 });
    const twice = { items: [...oneOf(product, 2).items, { productId: product.id, quantity: 1 }] };
    const { order } = await suite.place(twice);
    expect(order.items).toMatchObject([{ quantity: 3 }]);
    const tooMuch = { items: [...oneOf(product, 2).items, ...oneOf(product, 2).items] };
    await expect(suite.place(tooMuch)).rejects.toMatchObject({ code: 'INSUFFICIENT_STOCK' });
  });

  it('is refused when the price has changed or the stock is unknown', async () => {
    const product = await someProduct(suite.wires, { price: 1_999 });
    const { stockId } = oneOf(product).items[0];
    const wrong: [Partial<PlaceOrder>, object][] = [
      [
        { items: [{ stockId, quantity: 1, priceAtPurchase: 1 }] },
        { code: 'PRICE_CHANGED', extra: { stockId, currentPrice: 1_999 } },
      ],
      [{ items: [{ stockId: newId(), quantity: 1 }] }, { code: 'STOCK_NOT_FOUND' }],
    ];
    for (const [change, problem] of wrong) {
      await expect(suite.place({ ...oneOf(product), ...change })).rejects.toMatchObject(problem);
    }
  });

  it('is judged by itself when many come at once', async () => {
    const [product, other] = [await someProduct(suite.wires, { initialStock: 3 }), await someProduct(suite.wires)];
    const wanted = Array.from({ length: 60 }, (_, i) => [
      { stockId: i % 3 === 2 ? newId() : product.stock.id, quantity: i % 3 === 1 ? 4 : 1, priceAtPurchase: 1 },
      { productId: other.id, quantity: 1 },
    ]);
    const refusals = wanted.map((items) => suite.place({ items }).catch(({ code }: { code: string }) => code));
    const three = ['PRICE_CHANGED', 'INSUFFICIENT_STOCK', 'STOCK_NOT_FOUND'];
    expect(await Promise.all(refusals)).toEqual(Array.from({ length: 20 }, () => three).flat());
  });

  it('with one key, 50 times at once, is one order, shown again as it was answered first', async () => {
    const product = await someProduct(suite.wires, { initialStock: 100 });
    const options = { caller: someCaller(), idempotencyKey: 'a key' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => suite.place(oneOf(product, 2), options)));
    expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await suite.ended(answers[0].order.id);
    const again = await suite.place(oneOf(product, 2), options);
    expect(again).toEqual({ order: answers[0].order, replayed: true });
    const list = await suite.wires.ask(orders.list, {}, { caller: options.caller });
    expect(list.meta.total).toBe(1);
  });

  it('with the key of another body is refused, with the key of another user is not', async () => {
    const product = await someProduct(suite.wires);
    const options = { caller: someCaller(), idempotencyKey: 'mine' };
    await suite.place(oneOf(product), options);
    await expect(suite.place(oneOf(product, 2), options)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await expect(suite.place(oneOf(product), { ...options, caller: someCaller() })).resolves.toMatchObject({
      replayed: false,
    });
  });

  it('that was accepted is answered again even when the stock has gone; a refusal frees its key', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1 });
    const options = { caller: someCaller(), idempotencyKey: 'last one' };
    const { order } = await suite.place(oneOf(product), options);
    await suite.ended(order.id);
    await expect(suite.place(oneOf(product), options)).resolves.toMatchObject({
      replayed: true,
      order: { id: order.id },
    });

    const other = { caller: someCaller(), idempotencyKey: 'refused' };
    await expect(suite.place(oneOf(product, 2), other)).rejects.toMatchObject({ code: 'INSUFFICIENT_STOCK' });
    const plenty = await someProduct(suite.wires);
    await expect(suite.place(oneOf(plenty), other)).resolves.toMatchObject({ replayed: false });
  });

  it('can be waited for', async () => {
    const product = await someProduct(suite.wires);
    const caller = someCaller();
    const { order } = await suite.place(oneOf(product), { caller });
    const settled = await suite.wires.ask(orders.get, { id: order.id, waitMs: 5_000 }, { caller });
    expect(settled.status).toBe('CONFIRMED');
  });

  it('is nobody else’s business', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product));
    const asked = suite.wires.ask(orders.get, { id: order.id }, { caller: someCaller() });
    await expect(asked).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' });
  });

  it('lists newest first, by page and by cursor alike', async () => {
    const product = await someProduct(suite.wires, { initialStock: 50 });
    const caller = someCaller();
    const placed: string[] = [];
    for (let i = 0; i < 5; i++) placed.unshift((await suite.place(oneOf(product), { caller })).order.id);
    const list = (query: object) => suite.wires.ask(orders.list, query, { caller });
    const first = await list({ limit: 2 });
    const byPage = await list({ limit: 2, page: 2 });
    const byCursor = await list({ limit: 2, cursor: first.meta.nextCursor });
    const last = await list({ limit: 2, cursor: byCursor.meta.nextCursor });
    expect(first.meta).toMatchObject({ total: 5, page: 1, limit: 2 });
    const idsOf = ({ items }: typeof first) => items.map(({ id }) => id);
    expect(idsOf(byCursor)).toEqual(idsOf(byPage));
    expect([first, byCursor, last].flatMap(idsOf)).toEqual(placed);
    expect(last.meta.nextCursor).toBeUndefined();
  });
});
