import { orders, type Order, type Product } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { OrderLife, tally } from '../support/order-life';
import { OrderSuite } from '../support/orders';
import { audit, expectSound, someCaller, someProduct } from '../support/stock';

jest.setTimeout(180_000);
const RACES = 100;
const PATIENCE = { timeoutMs: 30_000 };

describe('a confirmed order, in the hands of several at once,', () => {
  let suite: OrderSuite;
  let life: OrderLife;

  const expectSold = (product: Product, sold: number) =>
    eventually(async () => {
      const stock = suite.wires.database('stock');
      const { counters } = await audit(stock, product.stock.id);
      expect(counters).toMatchObject({ reserved: 0, sold });
      await expectSound(stock, product.stock.id);
    }, PATIENCE);

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'stock', 'orders', 'orders', 'processor');
    life = new OrderLife(suite);
  });
  afterAll(() => suite?.stop());

  it('is shipped once by two admins', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 2);
    const other = { caller: someCaller({ role: 'admin' }) };
    const outcomes = await life.race(
      list,
      (order) => life.ship(order, { trackingNumber: 'A' }),
      (order) => life.ship(order, { trackingNumber: 'B' }, other),
    );
    for (const pair of outcomes) expect(tally(pair)).toEqual({ answered: 1, codes: ['INVALID_TRANSITION'] });
    for (const { shipments, items, history } of await life.now(list)) {
      expect([shipments.length, items[0].shipped, history.length]).toEqual([1, 2, 3]);
    }
  });

  it('is never shipped in parts that are more than the whole', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 3);
    const part = (order: Order) => life.ship(order, { items: life.units(order, 1) });
    for (const five of await life.race(list, part, part, part, part, part)) {
      expect(tally(five)).toEqual({ answered: 3, codes: ['INVALID_TRANSITION'] });
    }
    for (const { shipments, items, history } of await life.now(list)) {
      expect([shipments.length, items[0].shipped]).toEqual([3, 3]);
      expect(history.map(({ seq, kind, status }) => [seq, kind, status])).toEqual([
        [1, 'status', 'PENDING'],
        [2, 'status', 'CONFIRMED'],
        [3, 'status', 'SHIPPED'],
        [4, 'shipment', 'SHIPPED'],
        [5, 'shipment', 'SHIPPED'],
      ]);
    }
  });

  it('is either shipped or cancelled, and its stock is where it says', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 2);
    const outcomes = await life.race<object>(list, (order) => life.ship(order), life.cancel.bind(life));
    const ended = await life.now(list);
    const told = outcomes.map(([shipped]) => ('code' in shipped ? 'CANCELLED' : 'SHIPPED'));
    expect(ended.map(({ status }) => status)).toEqual(told);
    const shipped = told.filter((status) => status === 'SHIPPED').length;
    await expectSold(product, 2 * shipped);
  });

  it('gives its money back once when it is refunded and cancelled', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 3);
    const one = (order: Order) => life.refund(order, { lines: life.units(order, 1) });
    await life.race<object>(list, one, life.cancel.bind(life));
    await eventually(async () => {
      for (const { status, total, payment } of await life.now(list)) {
        expect([status, payment.status, payment.refunded]).toEqual(['CANCELLED', 'REFUNDED', total]);
      }
    }, PATIENCE);
    await expectSold(product, 0);
  });

  it('is never refunded by more than was paid for it', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 3);
    const two = (order: Order) => life.refund(order, { lines: life.units(order, 2) });
    const most = (order: Order) => life.refund(order, { amount: order.total - 1 });
    for (const pair of await life.race(list, two, most)) {
      expect(tally(pair)).toEqual({ answered: 1, codes: ['REFUND_EXCEEDS_CAPTURE'] });
    }
    for (const { total, payment, history } of await life.now(list)) {
      expect(payment.refunded).toBeLessThanOrEqual(total);
      expect(history.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
    }
  });

  it('never has more shipped than was ordered and not refunded', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(RACES, product, 3);
    const all = (order: Order) => life.refund(order, { amount: order.total, restock: true });
    await life.race<object>(list, (order) => life.ship(order, { items: life.units(order, 2) }), all);
    const ended = await life.now(list);
    expect(new Set(ended.map(({ payment }) => payment.status))).toEqual(new Set(['REFUNDED']));
    // Where the refund was first, all is back; where the shipment was, only what had not left.
    await expectSold(product, ended.reduce((sum, { items }) => sum + items[0].shipped, 0)); // prettier-ignore
  });

  describe('with one idempotency key', () => {
    const five = [1, 2, 3, 4, 5];
    const key = (name: string, order: Order) => ({ idempotencyKey: `${name}-${order.id}` });

    it('is refunded once, and everybody gets the same answer', async () => {
      const product = await someProduct(suite.wires, { initialStock: 1_000 });
      const list = await life.confirmedMany(RACES, product, 3);
      const again = (order: Order) => life.refund(order, { lines: life.units(order, 1) }, key('refund', order));
      const answers = await life.race(list, ...five.map(() => again));
      for (const same of answers) {
        expect(tally(same)).toEqual({ answered: 5, codes: [] });
        // Whoever did not want to wait for it to be paid out has seen the order as it was before.
        const shown = same.flatMap((answer) => ('order' in answer ? [answer.order] : []));
        const done = shown.filter(({ payment }) => payment.refunded > 0);
        expect(new Set(done.map((order) => JSON.stringify(order))).size).toBe(1);
        expect(same.filter((answer) => 'order' in answer && !answer.replayed).length).toBeLessThanOrEqual(1);
      }
      for (const { payment, items } of await life.now(list)) {
        expect([payment.refunded, items[0].refunded]).toEqual([product.price, 1]);
      }
      await expectSold(product, 2 * RACES);
      // Long after, and after it has moved on: word for word.
      const [order] = list;
      const { order: before } = await again(order);
      await life.ship(order);
      expect(await again(order)).toEqual({ order: before, replayed: true });
      const other = life.refund(order, { lines: life.units(order, 2) }, key('refund', order));
      await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      const elsewhere = life.refund(list[1], { lines: life.units(order, 1) }, key('refund', order));
      await expect(elsewhere).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('is shipped once, part by part', async () => {
      const product = await someProduct(suite.wires, { initialStock: 1_000 });
      const list = await life.confirmedMany(RACES, product, 3);
      const again = (order: Order) => life.ship(order, { items: life.units(order, 1) }, key('ship', order));
      for (const same of await life.race(list, ...five.map(() => again))) {
        expect(tally(same)).toEqual({ answered: 5, codes: [] });
        expect(new Set(same.map((answer) => JSON.stringify('order' in answer && answer.order))).size).toBe(1);
      }
      for (const { items, shipments } of await life.now(list))
        expect([items[0].shipped, shipments.length]).toEqual([1, 1]);
    });

    it('gets one note', async () => {
      const [order] = await life.confirmedMany(1, await someProduct(suite.wires));
      const note = (text = 'Called') =>
        suite.wires.ask(orders.addNote, { id: order.id, text }, { caller: life.admin, ...key('note', order) });
      const notes = await Promise.all(five.map(() => note()));
      expect(new Set(notes.map(({ id }) => id)).size).toBe(1);
      expect((await suite.order(order.id)).notes).toHaveLength(1);
      await expect(note('Wrote')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('may be refused and tried again: the key is free', async () => {
      const [order] = await life.confirmedMany(1, await someProduct(suite.wires), 2);
      const refund = (quantity: number) =>
        life.refund(order, { lines: life.units(order, quantity) }, key('free', order));
      await expect(refund(3)).rejects.toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE' });
      expect(await refund(2)).toMatchObject({ order: { status: 'REFUNDED' }, replayed: false });
    });
  });

  it('is no business of others: customers cannot, and notes are not for them', async () => {
    const [order] = await life.confirmedMany(1, await someProduct(suite.wires));
    const { id, number } = order;
    const { ask } = suite.wires;
    const caller = life.customer;
    await ask(orders.addNote, { id, text: 'Difficult customer' }, { caller: life.admin });
    for (const attempt of [
      life.ship(order, {}, { caller }),
      life.refund(order, {}, { caller }),
      ask(orders.addNote, { id, text: 'Me' }, { caller }),
      ask(orders.find, { number }, { caller }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const mine of [await ask(orders.get, { id }, { caller }), (await ask(orders.list, {}, { caller })).items[0]]) {
      expect(mine).not.toHaveProperty('notes');
      expect(mine).not.toHaveProperty('refunds');
    }
    const found = await ask(orders.find, { number: number.toLowerCase().replaceAll('-', ' ') }, { caller: life.admin });
    expect(found).toMatchObject({ id, notes: [{ text: 'Difficult customer', by: life.admin.userId }], refunds: [] });
    await expect(ask(orders.find, { number: '0000-0000-0000' }, { caller: life.admin })).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
  });
});
