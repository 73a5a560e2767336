import { randomUUID } from 'node:crypto';
import { HealthChecks, MongoLink } from '@suite/platform';
import { Types } from 'mongoose';
import { moveOf, type Move } from '../../apps/orders/src/moves.service';
import { newOrder } from '../../apps/orders/src/new-order';
import { OrderRecord, OrderSchema } from '../../apps/orders/src/order.schema';
import { OrderStore } from '../../apps/orders/src/order-store';
import { someCaller } from '../support/stock';
import type { Way } from './rounds';

/** More than there are callers, so that nobody moves an order that somebody else has in hand. */
const MOVED = 4_000;

/** Orders in a database of their own, written by the service's own store and past it. */
export class BenchOrders {
  private constructor(
    private readonly link: MongoLink,
    private readonly store: OrderStore,
  ) {}

  static async open(uri: string, name: string): Promise<BenchOrders> {
    const link = new MongoLink(uri, { name: `bench-${name}` }, new HealthChecks());
    const model = link.connection.model<OrderRecord>(OrderRecord.name, OrderSchema);
    await link.onModuleInit();
    return new BenchOrders(link, new OrderStore(model));
  }

  get client() {
    return this.link.connection.getClient();
  }

  count(): Promise<number> {
    return this.store.orders.countDocuments();
  }

  /** What `insertMany` of what has gathered is to save. */
  accepting(): { grouped: Way['once']; single: Way['once'] } {
    const { store } = this;
    return {
      grouped: async () => (await store.insert(someOrder())) === 'inserted',
      single: async () => (await store.orders.insertOne(someOrder())).acknowledged,
    };
  }

  /** What `bulkWrite` of what has gathered is to save. The orders fail and are replayed, and so have no end. */
  async moving(): Promise<{ grouped: Way['once']; single: Way['once'] }> {
    const orders = Array.from({ length: MOVED }, someOrder);
    await this.store.orders.insertMany(orders);
    const write = (moves: (update: ReturnType<typeof moveOf>['update']) => Promise<boolean>) => async (i: number) => {
      const place = i % MOVED;
      const { update, moved } = moveOf(orders[place], orders[place].status === 'PENDING' ? FAIL : REPLAY);
      const took = await moves(update);
      if (took) orders[place] = moved;
      return took;
    };
    return {
      grouped: write((update) => this.store.updateIf(update)),
      single: write(async ({ key: { _id, userId }, condition, update }) => {
        const { matchedCount } = await this.store.orders.updateOne({ _id, userId, ...condition }, update);
        return matchedCount === 1;
      }),
    };
  }

  /** How many moves are written down. */
  async moves(): Promise<number> {
    const [{ moves } = { moves: 0 }] = await this.store.orders
      .aggregate<{ moves: number }>([{ $group: { _id: null, moves: { $sum: { $subtract: ['$seq', 1] } } } }])
      .toArray();
    return moves;
  }
}

const FAIL: Move = { to: 'FAILED', by: 'bench', giveUp: { cause: { error: 'for the figures', attempts: 1 } } };
const REPLAY: Move = { to: 'PENDING', by: 'bench', replay: true };

/** One line, to be delivered somewhere: what most orders look like. */
export function someOrder(): OrderRecord {
  const [stockId, productId] = [new Types.ObjectId().toHexString(), new Types.ObjectId().toHexString()];
  return newOrder({
    body: {
      items: [{ stockId, quantity: 1 }],
      shippingAddress: { street: '1 Main St', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' },
    },
    quoted: [{ stockId, productId, sku: 'TEA-100', name: 'Sencha, first flush, 100 g', price: 1_999, currency: 'USD' }],
    caller: someCaller(),
    method: 'CASH_ON_DELIVERY',
    requestId: randomUUID(),
    idempotency: { key: randomUUID(), fingerprint: randomUUID() },
  });
}
