import { stock } from '@suite/contracts';
import { quantitiesOf, Shopper } from '../support/carts';
import { times } from '../support/client';
import { START_MS } from '../support/gateways';
import { insist } from '../support/insist';
import { OrderSuite } from '../support/orders';
import { newId, someAdmin, someProduct } from '../support/stock';

describe('a cart', () => {
  let suite: OrderSuite;
  let jo: Shopper;
  const admin = { caller: someAdmin };

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'orders');
  }, START_MS);
  afterAll(() => suite?.stop());
  beforeEach(() => (jo = new Shopper(suite)));

  it('is empty at first, in the currency of the shop', async () => {
    expect(await jo.cart()).toEqual({ items: [], total: 0, currency: 'USD' });
  });

  it('shows what is in it at current prices, and what has changed since it was added', async () => {
    const [tea, pot] = [await someProduct(suite.wires, { price: 1_250 }), await someProduct(suite.wires)];
    await jo.add({ stockId: tea.stock.id, quantity: 2 });
    const before = await jo.add({ productId: pot.id, quantity: 1 });
    expect(before).toMatchObject({ total: 4_499, replayed: false });
    expect(before.items).toEqual([
      {
        stockId: tea.stock.id,
        productId: tea.id,
        sku: tea.sku,
        name: tea.name,
        quantity: 2,
        price: 1_250,
        lineTotal: 2_500,
        available: 10,
        priceChanged: false,
        availabilityChanged: false,
      },
      expect.objectContaining({ stockId: pot.stock.id, quantity: 1, priceChanged: false }),
    ]);

    await suite.wires.ask(stock.updateProduct, { id: tea.id, price: 1_300, name: 'Sencha, new' }, admin);
    await suite.wires.ask(stock.adjust, { stockId: pot.stock.id, delta: -10, reason: 'Broken' }, admin);
    const after = await jo.cart();
    expect(after.items).toMatchObject([
      { name: 'Sencha, new', price: 1_300, lineTotal: 2_600, priceChanged: true, availabilityChanged: false },
      { available: 0, priceChanged: false, availabilityChanged: true },
    ]);
    expect(after.total).toBe(4_599);
  });

  it('keeps showing what left the shop, as something that cannot be had', async () => {
    const tea = await someProduct(suite.wires, { price: 1_250 });
    await jo.add({ stockId: tea.stock.id, quantity: 2 });
    await suite.wires.ask(stock.archiveProduct, { id: tea.id }, admin);
    expect((await jo.cart()).items).toMatchObject([
      { name: tea.name, price: 1_250, available: 0, availabilityChanged: true, archived: true },
    ]);
    await expect(jo.set(tea.stock.id, 1)).rejects.toMatchObject({ code: 'STOCK_NOT_FOUND' });
    await expect(jo.add({ stockId: tea.stock.id, quantity: 1 })).rejects.toMatchObject({ code: 'STOCK_NOT_FOUND' });
    expect((await jo.set(tea.stock.id, 0)).items).toEqual([]);
  });

  it('is changed, emptied, and nobody else’s', async () => {
    const tea = await someProduct(suite.wires);
    await jo.add({ stockId: tea.stock.id, quantity: 2 });
    expect(quantitiesOf(await jo.set(tea.stock.id, 5))).toEqual([5]);
    await expect(jo.set(tea.stock.id, 11)).rejects.toMatchObject({ code: 'INSUFFICIENT_STOCK' });
    await expect(jo.set(newId(), 1)).rejects.toMatchObject({ code: 'CART_ITEM_NOT_FOUND' });
    expect((await new Shopper(suite).cart()).items).toEqual([]);
    expect((await jo.empty()).items).toEqual([]);
    expect((await jo.cart()).items).toEqual([]);
  });

  it('holds what 200 additions at once at two replicas have put into it', async () => {
    const [tea, pot] = await Promise.all([
      someProduct(suite.wires, { initialStock: 1_000 }),
      someProduct(suite.wires, { initialStock: 1_000 }),
    ]);
    const add = (i: number) => {
      const body = { stockId: [tea, pot][i % 2].stock.id, quantity: 1 + (i % 3) };
      return insist(() => jo.add(body, { idempotencyKey: `addition ${i}` }));
    };
    await Promise.all(times(200).map(add));
    const { items } = await jo.cart();
    const sums = [tea, pot].map(({ stock: { id } }) => items.find(({ stockId }) => stockId === id)?.quantity);
    const expected = [0, 1].map((even) =>
      times(200)
        .filter((i) => i % 2 === even)
        .reduce((sum, i) => sum + 1 + (i % 3), 0),
    );
    expect([items.length, ...sums]).toEqual([2, ...expected]);
  });

  it('never holds more than there was, however many add at once', async () => {
    const tea = await someProduct(suite.wires, { initialStock: 30 });
    const add = (i: number) =>
      insist(() => jo.add({ stockId: tea.stock.id, quantity: 1 }, { idempotencyKey: `addition ${i}` }));
    const outcomes = await Promise.allSettled(times(60).map(add));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    expect(quantitiesOf(await jo.cart())).toEqual([30]);
  });

  it('grows once for each key, though 20 equal requests come at once', async () => {
    const tea = await someProduct(suite.wires);
    const body = { stockId: tea.stock.id, quantity: 2 };
    const options = { idempotencyKey: 'a key' };
    const answers = await Promise.all(times(20).map(() => insist(() => jo.add(body, options))));
    expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
    expect(quantitiesOf(await jo.cart())).toEqual([2]);
    await expect(jo.add({ ...body, quantity: 3 }, options)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await suite.wires.ask(stock.archiveProduct, { id: tea.id }, admin);
    expect(await jo.add(body, options)).toMatchObject({ replayed: true, items: [{ quantity: 2 }] });
  });

  it('is read and changed by its indexes alone, however many orders there are', async () => {
    const db = suite.wires.database('orders');
    const tea = await someProduct(suite.wires, { initialStock: 1_000 });
    for (let i = 0; i < 20; i++) await suite.place({ items: [{ stockId: tea.stock.id, quantity: 1 }] }, jo);
    await jo.add({ stockId: tea.stock.id, quantity: 1 });
    await db.command({ profile: 2 });
    await jo.set(tea.stock.id, 2);
    await db.command({ profile: 0 });
    const plans = await db
      .collection('system.profile')
      .find({ planSummary: { $exists: true } })
      .toArray();
    await db.collection('system.profile').drop();
    expect(plans.map(({ ns, planSummary }) => `${String(ns).split('.')[1]} ${planSummary}`)).toEqual([
      'carts IDHACK',
      'orders IXSCAN { userId: 1, items.cartItem: 1 }',
      'carts IXSCAN { _id: 1 }',
    ]);
    expect(plans[1].docsExamined).toBe(0);
  });
});
