import { Types } from 'mongoose';
import { tiers, type OrderStatus } from '@suite/contracts';
import type { OrderRecord } from '../../apps/orders/src/order.schema';
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
    await shop.fill();
    await shop.rig.rebuilds[0].advance({ onStep: ({ orders }) => say('Counting orders', `: ${orders} of ${size}`) });
    return shop;
  }

  private async fill(): Promise<void> {
    const random = seeded(20_260_504);
    const users = Array.from({ length: USERS }, () => new Types.ObjectId());
    const products = Array.from({ length: PRODUCTS }, () => new Types.ObjectId());
    const step = (this.latest - this.earliest) / this.size;
    const order = (i: number): OrderRecord => ({
      ...orderRecord({
        at: new Date(this.earliest + Math.round((i + 1) * step)),
        tier: tiers[random.below(5) === 0 ? 1 : 0],
        status: random.pick(STATUSES),
        items: Array.from({ length: 1 + random.below(3) }, () => ({
          productId: random.pick(products),
          price: 1 + random.below(10_000),
          quantity: 1 + random.below(3),
        })),
      }),
      userId: random.below(100) === 0 ? this.user : random.pick(users),
    });
    for (let i = 0; i < this.size; i += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, this.size - i) }, (_, j) => order(i + j));
      await this.rig.orders.collection.insertMany(batch, { ordered: false });
      say('Placing orders', `: ${i + batch.length} of ${this.size}`);
    }
  }
}
