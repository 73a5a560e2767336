import { randomInt } from 'node:crypto';
import { Types } from 'mongoose';
import { orderStatuses, tiers, type OrderStatus, type Tier } from '@suite/contracts';
import type { OrderRecord } from '../../apps/orders/src/order.schema';
import { CountingRig, orderRecord } from '../support/counting';
import { recount } from '../support/sales';
import { seeded, type Random } from '../support/seeded';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 4, 6, 12, 34, 56, 789);

/** Where an order may go, as the table of states has it. */
const next: Record<OrderStatus, OrderStatus[]> = {
  PENDING: ['CONFIRMED', 'FAILED', 'CANCELLED', 'AWAITING_PAYMENT'],
  AWAITING_PAYMENT: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED', 'REFUNDED'],
  SHIPPED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  FAILED: ['PENDING'],
  CANCELLED: [],
  REFUNDED: [],
};

/** A shop in which anything happens in any order: every step is one write of one process that may die after it. */
class Shop {
  readonly orders: OrderRecord[] = [];
  /** Orders as they were at some time, waiting to be counted by whoever changed them; some more than once. */
  private readonly heard: OrderRecord[] = [];
  private readonly productIds: Types.ObjectId[] = Array.from({ length: 6 }, () => new Types.ObjectId());

  constructor(
    private readonly rig: CountingRig,
    private readonly random: Random,
  ) {}

  async fill(count: number): Promise<void> {
    for (let i = 0; i < count; i++) this.orders.push(this.newOrder(this.random.pick([...orderStatuses])));
    await this.rig.orders.collection.insertMany(this.orders.map((order) => ({ ...order })));
  }

  readonly steps: Record<string, () => Promise<unknown>> = {
    place: async () => {
      const order = this.newOrder('PENDING');
      this.orders.push(order);
      await this.rig.orders.collection.insertOne({ ...order });
    },
    move: async () => {
      const order = this.random.pick(this.orders);
      const [status] = this.random.shuffled(next[order.status]);
      if (status) await this.change(order, { status });
    },
    refund: async () => {
      const order = this.random.pick(this.orders);
      const item = this.random.pick(order.items);
      if (!['CONFIRMED', 'SHIPPED'].includes(order.status) || item.refunded === item.quantity) return;
      const items = order.items.map((one) => (one === item ? { ...one, refunded: one.refunded + 1 } : one));
      await this.change(order, { items, payment: { ...order.payment, refunded: order.payment.refunded + item.price } });
    },
    // Late, out of order, by either replica, twice at once, or never: then the next step of somebody else does.
    hear: async () => {
      const some = this.random.shuffled(this.heard).slice(0, this.random.below(8));
      await Promise.all(some.map((order) => this.random.pick(this.rig.counters).count(order)));
    },
    note: async () => {
      const order = this.random.pick(this.orders);
      await this.random.pick(this.rig.counters).count(order);
      const noted = { $set: { counted: order.seq }, $unset: { 'outbox.tell': 1 as const } };
      await this.rig.orders.collection.updateOne({ _id: order._id, seq: order.seq }, noted);
    },
    fold: () => Promise.all(this.rig.folders.map((folding) => folding.fold())),
    beginRebuild: () => this.rig.rebuilds[0].begin(),
    rebuild: () => Promise.all(this.rig.rebuilds.map((rebuild) => rebuild.advance({ ms: 1 }))),
    everythingAtOnce: () =>
      Promise.all([this.steps.hear(), this.steps.fold(), this.steps.rebuild(), this.steps.hear()]),
  };

  /** Any time, mostly one that cuts through minutes, hours and days. */
  someRange(): { from?: string; to?: string; tier?: Tier } {
    const times = [0, 1].map(() => NOW - this.random.below(60 * HOUR)).sort();
    const [from, to] = times.map((time) => new Date(time).toISOString());
    const tier = this.random.pick([undefined, ...tiers]);
    return this.random.pick([{ from, to, tier }, { from, to, tier }, { from }, { to, tier }, { tier }]);
  }

  private async change(order: OrderRecord, changes: Partial<OrderRecord>): Promise<void> {
    const seq = order.seq + 1;
    Object.assign(order, changes, { seq });
    this.heard.push({ ...order });
    await this.rig.orders.collection.updateOne(
      { _id: order._id },
      { $set: { ...changes, seq, 'outbox.tell': new Date() } },
    );
  }

  private newOrder(status: OrderStatus): OrderRecord {
    const { random } = this;
    const items = random
      .shuffled(this.productIds)
      .slice(0, 1 + random.below(3))
      .map((productId) => ({ productId, price: 1 + random.below(5_000), quantity: 1 + random.below(4) }));
    return orderRecord({ at: new Date(NOW - random.below(50 * HOUR)), tier: random.pick([...tiers]), status, items });
  }
}

describe('what orders come to', () => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  let rig: CountingRig;
  beforeAll(async () => {
    rig = await CountingRig.open();
  });
  afterAll(() => rig.close());

  it(`is exact at every moment of a random history (SEED=${seed})`, async () => {
    const random = seeded(seed);
    const shop = new Shop(rig, random);
    // As a shop that had orders before it had reports; more than one step of a rebuild.
    await shop.fill(1_100);
    await rig.rebuilds[0].advance({});
    for (let i = 0; i < 150; i++) {
      const step = random.pick(Object.keys(shop.steps));
      await shop.steps[step]();
      const { from, to, tier } = shop.someRange();
      const range = { from: from ? Date.parse(from) : -8.64e15, to: to ? Date.parse(to) : 8.64e15 };
      const [{ orders, revenue }] = await rig.figures.sales([range], tier);
      const products = await rig.products.best(range, { tier, by: 'units', limit: 100 });
      const expected = await recount(rig.db, { from, to, tier });
      expect({ i, step, orders, revenue }).toEqual({
        ...{ i, step },
        orders: expected.sales.ordersByStatus,
        revenue: expected.sales.revenue,
      });
      expect(products.map(({ _id, units, revenue }) => ({ productId: String(_id), units, revenue }))).toEqual(
        expected.products,
      );
    }
  }, 240_000);

  it('stands in the buckets alone once all is counted and folded', async () => {
    const { db } = rig;
    const all = await rig.orders.find().lean<OrderRecord[]>();
    await Promise.all(all.flatMap((order) => rig.counters.map((counter) => counter.count(order))));
    await rig.folders[0].fold();
    expect(await db.collection('tallies').countDocuments()).toBe(0);
    const { sales } = await recount(db);
    for (const grain of ['minute', 'hour', 'day']) {
      const { generation } = (await db.collection('reportStates').findOne({}))!;
      const buckets = await db.collection('salesBuckets').find({ grain, generation }).toArray();
      expect(buckets.reduce((sum, bucket) => sum + (bucket.revenue as number), 0)).toBe(sales.revenue);
    }
  });
});
