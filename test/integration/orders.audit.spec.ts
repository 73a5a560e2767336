import type { Queue } from 'bullmq';
import { Types } from 'mongoose';
import { orders, stock, type AuditReport, type AuditRule, type Product } from '@suite/contracts';
import { each, times } from '../support/client';
import { deadOrders } from '../support/dead-orders';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { oneOf, OrderSuite } from '../support/orders';
import { scrape } from '../support/scrape';
import { newId, someAdmin, someCaller, someProduct } from '../support/stock';

const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' };
const unchecked = { bypassDocumentValidation: true };

describe('the audit', () => {
  let suite: OrderSuite;
  let queue: Queue;
  let port: number;
  const audit = () => suite.wires.ask(orders.audit, {}, { caller: someAdmin });
  const collection = (service: string, name: string) => suite.wires.database(service).collection(name);
  const stockIdOf = ({ stock }: Product) => ({ _id: new Types.ObjectId(stock.id) });
  const drifting = ({ checks }: AuditReport) =>
    Object.fromEntries(checks.filter((check) => check.drifting > 0).map(({ rule, drifts }) => [rule, drifts]));

  /** A confirmed order of two units. */
  async function bought() {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product, 2));
    await suite.ended(order.id);
    return { product, id: new Types.ObjectId(order.id) };
  }

  /** Names exactly what was planted, and nothing any more once it is taken back. */
  async function expectFound(rules: AuditRule[], subject: unknown, plant: () => Promise<() => Promise<unknown>>) {
    const takeBack = await plant();
    const found = await audit();
    expect(found.sound).toBe(false);
    expect(Object.keys(drifting(found)).sort()).toEqual([...rules].sort());
    for (const drifts of Object.values(drifting(found)))
      expect(drifts.map((drift) => drift.subject)).toContain(String(subject));
    for (const rule of rules) expect(await scrape(port, `audit_drifting{rule="${rule}"}`)).toBeGreaterThan(0);
    await takeBack();
    expect(drifting(await audit())).toEqual({});
  }

  beforeAll(async () => {
    suite = await OrderSuite.start('stock');
    port = await freePort();
    await suite.add('orders', { INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' });
    queue = suite.queue();
    await suite.add('processor', soon);
  });
  afterAll(() => suite?.stop());

  it('finds a shop sound in which everything has happened, and says how much it looked at', async () => {
    await bought();
    const { id } = await bought();
    const buyer = await suite.order(String(id));
    await suite.wires.ask(orders.cancel, { id: buyer.id }, { caller: someCaller({ userId: buyer.userId }) });
    const [{ mend }] = await deadOrders(suite, queue);
    await mend();
    // The letter is written a moment before the order is done with being given up.
    await eventually(async () => {
      const report = await audit();
      expect(drifting(report)).toEqual({});
      expect(report.sound).toBe(true);
      const counted = Object.fromEntries(report.checks.map(({ rule, checked }) => [rule, checked]));
      expect(counted).toMatchObject({ balance: 3, ledger: 3, reservations: 3, ends: 0, 'dead letters': 1 });
      expect(counted.orders).toBeGreaterThanOrEqual(1);
    });
  });

  it('is not misled by orders that are on their way', async () => {
    const product = await someProduct(suite.wires, { initialStock: 150 });
    const placing = each(times(400), 32, () => suite.place(oneOf(product)).catch(() => undefined));
    const reports: AuditReport[] = [];
    let placed = false;
    void placing.then(() => (placed = true));
    while (!placed) reports.push(await audit());
    await placing;
    expect(reports.map(drifting).filter((drift) => Object.keys(drift).length > 0)).toEqual([]);
    expect(reports.length).toBeGreaterThan(1);
  });

  it('is not misled by a paid order that has not yet sold what it holds, and sees one that never will', async () => {
    const { product, id } = await bought();
    const paid = new Types.ObjectId();
    const holding = { orderId: String(paid), epoch: 0, tier: 'standard', commit: false } as const;
    const lines = [{ stockId: product.stock.id, quantity: 2 }];
    await suite.wires.ask(stock.reserve, { ...holding, lines });
    const order = (await collection('orders', 'orders').findOne({ _id: id }))!;
    const owes = { outbox: { commit: new Date(Date.now() + 3_600_000) } };
    await collection('orders', 'orders').insertOne({ ...order, ...owes, _id: paid, number: newId() });
    expect(drifting(await audit())).toEqual({});
    await collection('orders', 'orders').updateOne({ _id: paid }, { $unset: { 'outbox.commit': 1 } });
    expect(Object.keys(drifting(await audit()))).toEqual(['orders']);
    await suite.wires.ask(stock.release, { orderId: String(paid), epoch: 0 });
    await collection('orders', 'orders').deleteOne({ _id: paid });
  });

  it('sees counters that do not balance', async () => {
    const { product } = await bought();
    await expectFound(['balance', 'ledger'], product.stock.id, async () => {
      await collection('stock', 'stock').updateOne(stockIdOf(product), { $inc: { available: 1 } }, unchecked);
      return () => collection('stock', 'stock').updateOne(stockIdOf(product), { $inc: { available: -1 } }, unchecked);
    });
  });

  it('sees a movement that is missing', async () => {
    const { product } = await bought();
    await expectFound(['ledger'], product.stock.id, async () => {
      const movement = await collection('stock', 'movements').findOneAndDelete({
        stockId: new Types.ObjectId(product.stock.id),
        kind: 'commit',
      });
      return () => collection('stock', 'movements').insertOne(movement!);
    });
  });

  it('sees a reservation that is missing', async () => {
    const { product, id } = await bought();
    await expectFound(['reservations', 'orders'], product.stock.id, async () => {
      const reservation = await collection('stock', 'reservations').findOneAndDelete({ _id: id });
      return () => collection('stock', 'reservations').insertOne(reservation!);
    });
  });

  it('sees what was sold for no order, although each service balances by itself', async () => {
    const { product, id } = await bought();
    await expectFound(['orders'], product.stock.id, async () => {
      const order = await collection('orders', 'orders').findOneAndDelete({ _id: id });
      return () => collection('orders', 'orders').insertOne(order!);
    });
  });

  it('sees an order that was confirmed without its stock', async () => {
    const { product, id } = await bought();
    await expectFound(['orders'], product.stock.id, async () => {
      const order = (await collection('orders', 'orders').findOne({ _id: id }))!;
      const twin = { ...order, _id: new Types.ObjectId(), number: newId() };
      await collection('orders', 'orders').insertOne(twin);
      return () => collection('orders', 'orders').deleteOne({ _id: twin._id });
    });
  });

  it('sees an order that nobody takes to its end, and one that was given up without a dead letter', async () => {
    const { id } = await bought();
    const stuck = new Types.ObjectId();
    await expectFound(['ends'], stuck, async () => {
      const order = (await collection('orders', 'orders').findOne({ _id: id }))!;
      const waiting = { status: 'PENDING', claim: 0, checkAt: new Date(Date.now() + 3_600_000) };
      await collection('orders', 'orders').insertOne({
        ...{ ...order, ...waiting, _id: stuck, number: newId() },
        updatedAt: new Date(Date.now() - 3_600_000),
      });
      return () => collection('orders', 'orders').deleteOne({ _id: stuck });
    });
    const [{ letter, mend }] = await deadOrders(suite, queue);
    await mend();
    // The letter is written a moment before the order is done with being given up; until then it is on its way.
    const givenUp = { _id: new Types.ObjectId(letter.orderId), 'outbox.compensate': { $exists: false } };
    await eventually(async () => expect(await collection('orders', 'orders').countDocuments(givenUp)).toBe(1));
    await expectFound(['dead letters'], letter.orderId, async () => {
      const gone = await collection('orders', 'deadLetters').findOneAndDelete({ number: letter.number });
      return () => collection('orders', 'deadLetters').insertOne(gone!);
    });
  });

  it('is made without being asked for when the last one is an hour old, and shown by every replica', async () => {
    const { id } = await bought();
    const before = await audit();
    const order = (await collection('orders', 'orders').findOne({ _id: id }))!;
    const twin = { ...order, _id: new Types.ObjectId(), number: newId() };
    await collection('orders', 'orders').insertOne(twin);
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    await suite.wires.redis.set('audit:last', JSON.stringify({ ...before, at: anHourAgo }));
    await eventually(async () => {
      expect(await scrape(port, 'audit_drifting{rule="orders"}')).toBe(1);
      expect(await scrape(port, 'audit_drifting{rule="ledger"}')).toBe(0);
    });
    const { report } = await suite.wires.ask(orders.lastAudit, {}, { caller: someAdmin });
    expect(report).toMatchObject({ sound: false });
    expect(Date.parse(report!.at)).toBeGreaterThan(Date.parse(anHourAgo));
    await collection('orders', 'orders').deleteOne({ _id: twin._id });
  });

  it.each([orders.audit, orders.lastAudit])('is for admins ($name)', async (message) => {
    await expect(suite.wires.ask(message, {}, { caller: someCaller() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
