import type { Collection } from 'mongodb';
import { Types } from 'mongoose';
import { tiers, type OrderStatus } from '@suite/contracts';
import type { OrderRecord } from '../../apps/orders/src/order.schema';
import { stateOf } from '../../apps/orders/src/share';
import type { ShareRecord } from '../../apps/orders/src/share.schema';
import { CountingRig, orderRecord } from '../support/counting';
import { seeded } from '../support/seeded';
import { say } from './bench';

const DAYS = 90;
const USERS = 5_000;
const PRODUCTS = 200;
const BATCH = 5_000;
/** As in a shop that has been open for a while. */
const STATUSES: OrderStatus[] = [
  ...Array<OrderStatus>(12).fill('DELIVERED'),
  ...Array<OrderStatus>(3).fill('SHIPPED'),
  ...Array<OrderStatus>(2).fill('CONFIRMED'),
  ...(['CANCELLED', 'REFUNDED', 'FAILED'] as const),
];

/** A shop with many orders, placed over three months, one of whose users has placed a hundredth of them. */
export class BigShop {
  readonly user = new Types.ObjectId();
  /** Of the newest order. */
  readonly latest = Date.now();
  readonly earliest = this.latest - DAYS * 86_400_000;
  /** The commands that were sent to read orders. */
  readonly sent: Record<string, unknown>[] = [];

  private constructor(
    readonly rig: CountingRig,
    readonly size: number,
  ) {
    rig.connection.getClient().on('commandStarted', ({ command, commandName }) => {
      const { find, aggregate } = command as { find?: string; aggregate?: string };
      if ((find ?? aggregate) === 'orders') this.sent.push({ ...command, commandName });
    });
  }

  static async build(size: number): Promise<BigShop> {
    const shop = new BigShop(await CountingRig.open({ monitorCommands: true }), size);
    const { rig, latest, user } = shop;
    const shares = rig.db.collection<ShareRecord>('shares');
    await placeMany(rig.db.collection<OrderRecord>('orders'), { size, latest, user }, (batch) =>
      shares.insertMany(batch.map((order) => ({ _id: order._id, seq: order.seq, ...stateOf(order) }))),
    );
    // Each rests as long as it works; two of them take turns.
    const onStep = ({ orders }: { orders: number }) => say('Counting orders', `: ${orders} of ${size}`);
    await Promise.all(rig.rebuilds.map((rebuild) => rebuild.advance({ onStep })));
    return shop;
  }
}

interface Many {
  size: number;
  /** Of the newest order. */
  latest: number;
  /** Who has placed a hundredth of them. */
  user: Types.ObjectId;
}

/** Places orders over three months, straight into the collection. */
export async function placeMany(
  orders: Pick<Collection<OrderRecord>, 'insertMany'>,
  { size, latest, user }: Many,
  also: (batch: OrderRecord[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const random = seeded(20_260_504);
  const users = Array.from({ length: USERS }, () => new Types.ObjectId());
  const products = Array.from({ length: PRODUCTS }, () => new Types.ObjectId());
  const step = (DAYS * 86_400_000) / size;
  const order = (i: number): OrderRecord => ({
    ...orderRecord({
      at: new Date(Math.round(latest - (size - 1 - i) * step)),
      tier: tiers[random.below(5) === 0 ? 1 : 0],
      status: random.pick(STATUSES),
      items: Array.from({ length: 1 + random.below(3) }, () => ({
        productId: random.pick(products),
        price: 1 + random.below(10_000),
        quantity: 1 + random.below(3),
      })),
    }),
    userId: random.below(100) === 0 ? user : random.pick(users),
  });
  for (let i = 0; i < size; i += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, size - i) }, (_, j) => order(i + j));
    await Promise.all([orders.insertMany(batch, { ordered: false }), also(batch)]);
    say('Placing orders', `: ${i + batch.length} of ${size}`);
  }
}
