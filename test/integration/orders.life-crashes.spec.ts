import { Types } from 'mongoose';
import { orders, type OrderChanged } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { OrderLife } from '../support/order-life';
import { oneOf, OrderSuite } from '../support/orders';
import type { Service } from '../support/service';
import { audit, expectSound, someProduct } from '../support/stock';

jest.setTimeout(180_000);
const PATIENCE = { timeoutMs: 60_000 };
/** Quick, so that a test need not wait for what takes seconds in a shop. */
const soon = { RELAY_EVERY_MS: '200' };

describe('what admins do to an order', () => {
  let suite: OrderSuite;
  let life: OrderLife;
  let stock: Service;
  let doomed: Service;

  const collection = () => suite.wires.database('orders').collection('orders');
  const record = ({ id }: { id: string }) => ({ _id: new Types.ObjectId(id) });
  const soldOf = async (stockId: string) => (await audit(suite.wires.database('stock'), stockId)).counters.sold;
  const facts = async (orderId: string): Promise<OrderChanged[]> => {
    const entries = await suite.wires.redis.xrange('ev:{orders}', '-', '+');
    return entries
      .map(([, [, message]]) => (JSON.parse(message) as { d: OrderChanged }).d)
      .filter((fact) => fact.orderId === orderId);
  };

  beforeAll(async () => {
    suite = await OrderSuite.start('orders');
    [stock, doomed] = await Promise.all([suite.add('stock'), suite.add('orders'), suite.add('processor', soon)]);
    life = new OrderLife(suite);
  });
  afterAll(() => suite?.stop());

  it('is done once although its process is killed in the middle, and the request comes again', async () => {
    const product = await someProduct(suite.wires, { initialStock: 1_000 });
    const list = await life.confirmedMany(60, product, 3);
    let answered = 0;
    const all = list.map(async (order, i) => {
      const options = { idempotencyKey: `crash-${order.id}` };
      const lines = life.units(order, 1);
      await (i % 2 === 0 ? life.refund(order, { lines }, options) : life.ship(order, { items: lines }, options));
      if (++answered === 10) doomed.process.kill('SIGKILL');
    });
    await Promise.all(all);
    await eventually(async () => {
      for (const [i, { items, payment, shipments, history }] of (await life.now(list)).entries()) {
        const [{ refunded, shipped }] = items;
        expect([refunded, payment.refunded]).toEqual(i % 2 === 0 ? [1, product.price] : [0, 0]);
        expect([shipped, shipments.length]).toEqual(i % 2 === 0 ? [0, 0] : [1, 1]);
        expect(history).toHaveLength(3);
      }
      expect(await soldOf(product.stock.id)).toBe(30 * 2 + 30 * 3);
    }, PATIENCE);
    await expectSound(suite.wires.database('stock'), product.stock.id);
    await suite.add('orders');
  });

  it('goes on after a death between the request of a refund and its payment', async () => {
    const product = await someProduct(suite.wires);
    const order = await life.confirmed(product, 3);
    const stockId = new Types.ObjectId(product.stock.id);
    const refund = {
      id: new Types.ObjectId().toHexString(),
      state: 'requested',
      amount: product.price,
      lines: [{ stockId, quantity: 1 }],
      restock: [{ stockId, quantity: 1 }],
      by: life.admin.userId,
      reason: 'Broken on arrival',
      at: new Date(),
    };
    // What such a death leaves behind: the refund as it was requested, and owed.
    await collection().updateOne(record(order), {
      $set: { refunds: [refund], 'outbox.refund': new Date(0) },
      $inc: { claim: 1 },
    });
    const done = await eventually(async () => {
      const now = await suite.order(order.id);
      expect(now.refunds).toMatchObject([{ id: refund.id, state: 'done' }]);
      return now;
    }, PATIENCE);
    expect(done).toMatchObject({
      status: 'CONFIRMED',
      payment: { status: 'PARTIALLY_REFUNDED', refunded: product.price },
      history: [{}, {}, { kind: 'refund', by: life.admin.userId, reason: 'Broken on arrival' }],
    });
    await eventually(async () => {
      expect(await soldOf(product.stock.id)).toBe(2);
      expect((await facts(order.id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect((await collection().findOne(record(order)))!.outbox).toEqual({});
    }, PATIENCE);
  });

  it('does not wait for a stock that is away, and the units are back when it is', async () => {
    const product = await someProduct(suite.wires);
    const [refunded, cancelled] = await life.confirmedMany(2, product, 3);
    await stock.stop();
    const begun = Date.now();
    await life.refund(refunded, { lines: life.units(refunded, 2) });
    await life.setStatus(cancelled, { status: 'CANCELLED' });
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect((await collection().findOne(record(refunded)))!.outbox).toMatchObject({ restock: expect.any(Date) as Date });
    await suite.add('stock');
    await eventually(async () => expect(await soldOf(product.stock.id)).toBe(1), PATIENCE);
    await expectSound(suite.wires.database('stock'), product.stock.id);
  });

  it('is told step by step, with what belongs to each, and without the notes', async () => {
    const product = await someProduct(suite.wires);
    const order = await life.confirmed(product, 3);
    const secret = 'Difficult customer';
    await suite.wires.ask(orders.addNote, { id: order.id, text: secret }, { caller: life.admin });
    await life.ship(order, { items: life.units(order, 1), carrier: 'DHL', trackingNumber: 'JD1' });
    await life.refund(order, { lines: life.units(order, 1), reason: 'Lost' });
    await life.ship(order);
    await life.setStatus(order, { status: 'DELIVERED' });
    const [{ stockId }] = order.items;
    const told = await eventually(async () => {
      const all = await facts(order.id);
      expect(new Set(all.map(({ seq }) => seq))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
      return [3, 4, 5, 6].map((wanted) => all.find(({ seq }) => seq === wanted)!);
    }, PATIENCE);
    expect(told).toMatchObject([
      {
        kind: 'status',
        status: 'SHIPPED',
        previousStatus: 'CONFIRMED',
        shipment: { carrier: 'DHL', trackingNumber: 'JD1', items: [{ stockId, quantity: 1 }] },
        items: [{ shipped: 1, refunded: 0 }],
      },
      {
        kind: 'refund',
        status: 'SHIPPED',
        previousStatus: 'SHIPPED',
        reason: 'Lost',
        refund: { amount: product.price, lines: [{ stockId, quantity: 1 }] },
        items: [{ shipped: 1, refunded: 1 }],
      },
      { kind: 'shipment', status: 'SHIPPED', shipment: { items: [{ quantity: 1 }] }, items: [{ shipped: 2 }] },
      { kind: 'status', status: 'DELIVERED' },
    ]);
    expect(JSON.stringify(await suite.wires.redis.xrange('ev:{orders}', '-', '+'))).not.toContain(secret);
  });

  it('in a note does not disturb the worker that has it in hand', async () => {
    const product = await someProduct(suite.wires);
    const queue = suite.queue();
    await queue.pause();
    const { order } = await suite.place(oneOf(product));
    // As it is while a worker is between two of its steps.
    const claimed = { claim: 1, claimed: true };
    await collection().updateOne(record(order), { $set: claimed });
    await suite.wires.ask(orders.addNote, { id: order.id, text: 'Call first' }, { caller: life.admin });
    expect(await collection().findOne(record(order))).toMatchObject({
      ...claimed,
      status: 'PENDING',
      seq: 1,
      epoch: 0,
    });
    await queue.resume();
    expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED', notes: [{ text: 'Call first' }] });
  });
});
