import { once } from 'node:events';
import type { Db } from 'mongodb';
import {
  orders,
  type Order,
  type OrderPage,
  type Product,
  type SalesFigures,
  type SalesQuery,
  type Tier,
} from '@suite/contracts';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { recount } from '../support/sales';
import { Service } from '../support/service';
import { newId, someAdmin, someCaller, someProduct } from '../support/stock';

jest.setTimeout(180_000);

type Listed = SalesQuery & { status?: Order['status']; number?: string; limit?: number };

const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' };
const admin = { caller: someAdmin };

describe('the reports', () => {
  let suite: OrderSuite;
  let db: Db;
  const processors: Service[] = [];

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'orders');
    db = suite.wires.database('orders');
    processors.push(await suite.add('processor', soon), await suite.add('processor', soon));
  });
  afterAll(() => suite?.stop());

  const summary = (query: SalesQuery = {}): Promise<SalesFigures> => suite.wires.ask(orders.summary, query, admin);
  const list = (query: Listed = {}): Promise<OrderPage> => suite.wires.ask(orders.listAll, query, admin);
  const listed = async (query: Listed = {}): Promise<number> => (await list(query)).meta.total;
  const total = ({ ordersByStatus }: SalesFigures): number =>
    Object.values<number>({ ...ordersByStatus }).reduce((sum, count) => sum + count, 0);

  const place = (product: Product, tier: Tier = 'standard', quantity = 1) =>
    suite.place(oneOf(product, quantity), { caller: someCaller({ tier }) }).then(({ order }) => order);
  const cancel = ({ id, userId }: Order) =>
    suite.wires.ask(orders.cancel, { id }, { caller: someCaller({ userId }) }).catch(() => undefined);
  /** Each order on its way has come to rest, whatever was killed. */
  const rest = () =>
    eventually(async () => expect(await db.collection('orders').countDocuments({ status: 'PENDING' })).toBe(0), {
      timeoutMs: 60_000,
      everyMs: 200,
    });
  async function expectExact(query: SalesQuery = {}): Promise<void> {
    const { sales, products } = await recount(db, query);
    expect(await summary(query)).toEqual(sales);
    const top = await suite.wires.ask(orders.topProducts, { ...query, limit: 100 }, admin);
    expect(top.items.map(({ productId, units, revenue }) => ({ productId, units, revenue }))).toEqual(products);
  }
  const rebuild = async () => {
    const service = await Service.start('apps/orders/src/rebuild.main.ts', suite.wires.environment);
    if (service.process.exitCode === null) await once(service.process, 'exit');
    expect(service.process.exitCode).toBe(0);
    return service.log;
  };

  it('have nothing to tell of a shop without orders', async () => {
    await expectExact();
    expect((await summary()).averageOrderValue).toBe(0);
    expect(await list({})).toEqual({ items: [], meta: { total: 0, page: 1, limit: 20 } });
  });

  it('know an order the moment it is accepted, and what becomes of it the moment it does', async () => {
    const tea = await someProduct(suite.wires, { price: 1_250 });
    const from = new Date().toISOString();
    const order = await place(tea, 'vip', 2);
    expect(total(await summary({ from }))).toBe(1);
    await suite.ended(order.id);
    expect(await summary({ from })).toMatchObject({
      revenue: 2_500,
      averageOrderValue: 2_500,
      ordersByStatus: { CONFIRMED: 1, PENDING: 0 },
    });
    await cancel(order);
    expect(await summary({ from })).toMatchObject({ revenue: 0, ordersByStatus: { CONFIRMED: 0, CANCELLED: 1 } });
    expect(await suite.wires.ask(orders.topProducts, { from }, admin)).toEqual({ items: [] });
  });

  it('are exact after processes were killed, facts repeated and orders cancelled at any moment', async () => {
    const products = [
      await someProduct(suite.wires, { price: 1_999, initialStock: 1_000 }),
      await someProduct(suite.wires, { price: 333, initialStock: 1_000 }),
    ];
    const placed = await each(times(240), 24, async (i) => {
      // Of each two of a kind, one dies in the middle.
      if (i === 60) processors[0].process.kill('SIGKILL');
      if (i === 120) suite.replicas('orders')[0].process.kill('SIGKILL');
      const key = newId();
      const caller = someCaller({ tier: i % 3 ? 'standard' : 'vip' });
      const { order } = await eventually(
        () => suite.place(oneOf(products[i % 2], 1 + (i % 2)), { caller, idempotencyKey: key }),
        { timeoutMs: 30_000, everyMs: 200 },
      );
      if (i % 5 === 0) await cancel(order);
      return order;
    });
    // As if Redis had been emptied: everything is told, and counted, once more.
    await db.collection('orders').updateMany({}, { $set: { told: 0, 'outbox.tell': new Date(0) } });
    await rest();
    await expectExact();
    for (const tier of ['vip', 'standard'] as const) await expectExact({ tier });
    const middle = placed[placed.length >> 1].createdAt;
    await expectExact({ to: middle });
    await expectExact({ from: middle, tier: 'vip' });
    // And when nothing is on its way any more, the buckets alone say the same.
    await eventually(
      async () => {
        expect(await db.collection('orders').countDocuments({ 'outbox.tell': { $exists: true } })).toBe(0);
        expect(await db.collection('tallies').countDocuments()).toBe(0);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    await expectExact();
    await expectExact({ from: middle });
  });

  it('add up from hour to hour and from day to day', async () => {
    const { sales } = await recount(db);
    for (const interval of ['hour', 'day'] as const) {
      const { points } = await suite.wires.ask(orders.timeseries, { interval }, admin);
      expect(points.length).toBe(interval === 'hour' ? 24 : 30);
      expect(points.reduce((sum, { revenue }) => sum + revenue, 0)).toBe(sales.revenue);
      expect(points.reduce((sum, { ordersByStatus }) => sum + ordersByStatus.CONFIRMED, 0)).toBe(
        sales.ordersByStatus.CONFIRMED,
      );
    }
  });

  it('say how many orders a list has, of any kind', async () => {
    const { sales } = await recount(db);
    expect(await listed()).toBe(total(sales));
    expect(await listed({ status: 'CANCELLED' })).toBe(sales.ordersByStatus.CANCELLED);
    expect(await listed({ tier: 'vip' })).toBe(total((await recount(db, { tier: 'vip' })).sales));
    const { items } = await list({ limit: 1 });
    const number = items[0].number.replaceAll('-', '').toLowerCase();
    expect((await list({ number })).items).toEqual(items);
    expect(await listed({ number, status: 'PENDING' })).toBe(0);
    expect(await list({ number: 'nonsense' })).toMatchObject({ items: [], meta: { total: 0 } });
  });

  it('are built anew while orders come in, and are never wrong meanwhile', async () => {
    // What somebody did by hand: buckets that lie, and orders that nobody ever counted.
    const before = await summary();
    await db.collection('salesBuckets').updateMany({}, { $inc: { revenue: 100 } });
    await db.collection('shares').deleteMany({});
    await rebuild();
    expect(await summary()).toEqual(before);

    const tea = await someProduct(suite.wires, { initialStock: 1_000 });
    let [accepted, building] = [total(before), true];
    const shopping = each(times(100), 4, async () => {
      await place(tea);
      accepted++;
    });
    const rebuilding = rebuild().finally(() => (building = false));
    while (building) {
      const least = accepted;
      const seen = total(await summary());
      expect(seen).toBeGreaterThanOrEqual(least);
      // Four may be accepted whose answer has not arrived.
      expect(seen).toBeLessThanOrEqual(accepted + 4);
    }
    expect(await rebuilding).toMatch(/Built anew from \d+ orders, of which 0 /);
    await shopping;
    await rest();
    await expectExact();
  });

  it('are for admins', async () => {
    const user = { caller: someCaller() };
    const forbidden = { code: 'FORBIDDEN' };
    await expect(suite.wires.ask(orders.summary, {}, user)).rejects.toMatchObject(forbidden);
    await expect(suite.wires.ask(orders.timeseries, {}, user)).rejects.toMatchObject(forbidden);
    await expect(suite.wires.ask(orders.topProducts, {}, user)).rejects.toMatchObject(forbidden);
    await expect(suite.wires.ask(orders.listAll, {}, user)).rejects.toMatchObject(forbidden);
    await expect(suite.wires.ask(orders.exportPage, { limit: 1 }, user)).rejects.toMatchObject(forbidden);
  });
});
