import { stock, type Product } from '@suite/contracts';
import type { Document } from 'mongodb';
import { Types } from 'mongoose';
import { quantitiesOf, Shopper } from '../support/carts';
import { each, times } from '../support/client';
import { START_MS } from '../support/gateways';
import { insist } from '../support/insist';
import { OrderSuite } from '../support/orders';
import { audit, someAdmin, someProduct } from '../support/stock';

describe('checking out', () => {
  let suite: OrderSuite;
  let jo: Shopper;
  let tea: Product;
  let pot: Product;
  const cartOf = ({ caller }: Shopper) => ({ _id: new Types.ObjectId(caller.userId) });
  const carts = () => suite.wires.database('orders').collection<Document & { _id: Types.ObjectId }>('carts');
  const put = (who: Shopper, product: Product, quantity: number) => who.add({ stockId: product.stock.id, quantity });

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'orders', 'processor');
  }, START_MS);
  afterAll(() => suite?.stop());
  beforeEach(async () => {
    jo = new Shopper(suite);
    [tea, pot] = await Promise.all([
      someProduct(suite.wires, { price: 1_250, initialStock: 500 }),
      someProduct(suite.wires, { price: 3_000, initialStock: 500 }),
    ]);
  });

  it('orders the cart at current prices, which then is empty, and the order ends as any other', async () => {
    await put(jo, tea, 2);
    await put(jo, pot, 1);
    await suite.wires.ask(stock.updateProduct, { id: pot.id, price: 2_500 }, { caller: someAdmin });
    const shippingAddress = {
      street: '1 Main Street',
      city: 'Springfield',
      state: 'IL',
      zipCode: '62701',
      country: 'US',
    };
    const { order, replayed } = await jo.checkout({ shippingAddress });
    expect({ ...order, replayed }).toMatchObject({
      replayed: false,
      status: 'PENDING',
      userId: jo.caller.userId,
      total: 5_000,
      shippingAddress,
      items: [
        { stockId: tea.stock.id, quantity: 2, price: 1_250 },
        { stockId: pot.stock.id, quantity: 1, price: 2_500 },
      ],
    });
    expect((await jo.cart()).items).toEqual([]);
    expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED' });
    await expect(jo.checkout()).rejects.toMatchObject({ code: 'CART_EMPTY' });
  });

  it('is refused as an order is, names what is in the way, and leaves the cart as it was', async () => {
    await put(jo, tea, 2);
    await put(jo, pot, 5);
    const adjust = (delta: number) =>
      suite.wires.ask(stock.adjust, { stockId: pot.stock.id, delta, reason: 'Broken' }, { caller: someAdmin });
    await adjust(-497);
    await expect(jo.checkout()).rejects.toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      extra: { stockId: pot.stock.id, requested: 5, available: 3 },
    });
    await suite.wires.ask(stock.archiveProduct, { id: pot.id }, { caller: someAdmin });
    await expect(jo.checkout()).rejects.toMatchObject({ code: 'STOCK_NOT_FOUND', extra: { stockId: pot.stock.id } });
    expect(quantitiesOf(await jo.cart())).toEqual([2, 5]);
    await jo.set(pot.stock.id, 0);
    expect((await jo.checkout()).order.items).toMatchObject([{ stockId: tea.stock.id }]);
  });

  it('with one key, 50 times at once, is one order, answered alike; also when the cart is empty, or filled again', async () => {
    const options = { idempotencyKey: 'a key' };
    await put(jo, tea, 2);
    const answers = await Promise.all(times(50).map(() => insist(() => jo.checkout({}, options))));
    expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
    await suite.ended(answers[0].order.id);
    expect(await jo.checkout({}, options)).toEqual({ order: answers[0].order, replayed: true });
    await put(jo, pot, 1);
    expect(await jo.checkout({}, options)).toEqual({ order: answers[0].order, replayed: true });
    await expect(jo.checkout({ paymentFlow: 'REGULAR' }, options)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(quantitiesOf(await jo.cart())).toEqual([1]);
    expect(await jo.orders()).toHaveLength(1);
  });

  it('that was refused frees its key', async () => {
    const options = { idempotencyKey: 'a key' };
    await expect(jo.checkout({}, options)).rejects.toMatchObject({ code: 'CART_EMPTY' });
    await put(jo, tea, 1);
    await expect(jo.checkout({}, options)).resolves.toMatchObject({ replayed: false });
  });

  it('without a key, 50 times at once, orders the cart once', async () => {
    await put(jo, tea, 2);
    await put(jo, pot, 1);
    const outcomes = await Promise.allSettled(times(50).map(() => insist(() => jo.checkout())));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
    expect(refusals.length).toBeGreaterThanOrEqual(49);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'CART_EMPTY' });
    expect((await jo.orders()).map(quantitiesOf)).toEqual([[2, 1]]);
  });

  it('while things are added loses none of them and orders none twice', async () => {
    const [shopper, shelf] = [jo, [tea, pot]];
    const add = (i: number) => {
      const body = { stockId: shelf[i % 2].stock.id, quantity: 1 };
      return insist(() => shopper.add(body, { idempotencyKey: `addition ${i}` }));
    };
    await Promise.all([each(times(200), 20, add), each(times(60), 6, () => shopper.checkout().catch(() => undefined))]);
    const placed = await shopper.orders();
    const sumOf = (lists: number[][]) => lists.flat().reduce((sum, quantity) => sum + quantity, 0);
    expect(placed.length).toBeGreaterThan(1);
    expect(sumOf([...placed.map(quantitiesOf), quantitiesOf(await shopper.cart())])).toBe(200);
  });

  describe('in a process that dies between the order and the cart', () => {
    /** What such a death leaves behind: the order, and a cart that does not know of it. */
    async function diedAfter(checkout: () => Promise<unknown>): Promise<void> {
      const before = await carts().findOne(cartOf(jo));
      await checkout();
      await carts().replaceOne(cartOf(jo), before!);
    }

    it.each([
      ['looks at the cart', () => jo.cart()],
      ['adds to it', () => put(jo, pot, 1)],
      ['changes it', () => jo.set(tea.stock.id, 0)],
      ['checks out again', () => jo.checkout().catch(({ code }: { code: string }) => code)],
    ])('leaves nothing in it that was ordered, when the customer %s', async (_what, look) => {
      await put(jo, tea, 2);
      await diedAfter(() => jo.checkout());
      await look();
      expect((await jo.cart()).items.filter(({ stockId }) => stockId === tea.stock.id)).toEqual([]);
      expect((await jo.orders()).map(quantitiesOf)).toEqual([[2]]);
    });

    it('keeps what was added meanwhile, and finishes with the same key', async () => {
      const options = { idempotencyKey: 'a key' };
      await put(jo, tea, 2);
      await diedAfter(() => jo.checkout({}, options));
      await carts().updateOne(cartOf(jo), { $set: { 'items.0.quantity': 3 }, $inc: { version: 1 } });
      await expect(jo.checkout({}, options)).resolves.toMatchObject({ replayed: true });
      expect(quantitiesOf(await jo.cart())).toEqual([1]);
      expect(await jo.orders()).toHaveLength(1);
    });
  });

  it('by many, while a replica is killed, makes one order each, and takes the stock once', async () => {
    const shoppers = times(60).map(() => new Shopper(suite));
    await each(shoppers, 10, (shopper) => put(shopper, tea, 2));
    const [replica] = suite.replicas('orders');
    let answered = 0;
    await each(shoppers, 12, async (shopper) => {
      const { order } = await insist(() => shopper.checkout({}, { idempotencyKey: 'once' }));
      answered++;
      if (answered === 15) {
        replica.process.kill('SIGKILL');
        void suite.add('orders');
      }
      await insist(() => suite.ended(order.id, 60_000));
    });
    for (const shopper of shoppers) {
      expect((await shopper.orders()).map(quantitiesOf)).toEqual([[2]]);
      expect((await shopper.cart()).items).toEqual([]);
    }
    expect(await audit(suite.wires.database('stock'), tea.stock.id)).toMatchObject({
      counters: { available: 380, reserved: 0, sold: 120 },
      committed: 120,
    });
  }, 180_000);
});
