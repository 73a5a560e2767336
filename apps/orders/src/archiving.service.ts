import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { tiers, type OrderStatus } from '@suite/contracts';
import { counter } from '@suite/platform';
import type { Model, mongo, Types } from 'mongoose';
import { CartRecord } from './cart.schema';
import { OrderArchive } from './order-archive';
import { ALL_INDEX, type OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';

/** From here an order goes nowhere by itself. */
const ENDED: OrderStatus[] = ['DELIVERED', 'FAILED', 'CANCELLED', 'REFUNDED'];
/** Orders of one transaction. */
const BATCH = 200;
/** How long one turn goes on, in ms: the reconciler's other passes have to have their turn. */
const TURN_MS = 250;
const DAY_MS = 86_400_000;

/**
 * Puts orders that have ended long ago into the archive, a few at a time, by whoever is the reconciler. It may be stopped
 * anywhere, and two at once only work twice.
 */
@Injectable()
export class ArchivingService {
  private readonly log = new Logger(ArchivingService.name);
  private readonly moved = counter('orders_archived_total', 'Orders put into the archive by this process');
  private restsUntil = 0;
  private sinceLastWord = 0;

  constructor(
    @InjectModel(CartRecord.name) private readonly carts: Model<CartRecord>,
    private readonly store: OrderStore,
    private readonly archive: OrderArchive,
    private readonly config: OrdersConfig,
  ) {}

  /** Some of those whose time has come. */
  async advance(): Promise<void> {
    const days = this.config.ORDER_ARCHIVE_DAYS;
    if (days === 0 || Date.now() < this.restsUntil) return;
    const over = overSince(new Date(Date.now() - days * DAY_MS));
    const kept: Types.ObjectId[] = [];
    for (const end = Date.now() + TURN_MS; Date.now() < end;) {
      const found = await this.store.orders
        .find({ ...over, _id: { $nin: kept } }, { hint: ALL_INDEX })
        .project<Pick<OrderRecord, '_id' | 'userId' | 'items'>>({ userId: 1, 'items.cartItem': 1 })
        .limit(BATCH)
        .toArray();
      const inCarts = await this.stillInCarts(found);
      kept.push(...inCarts);
      const ids = found.map(({ _id }) => _id).filter((id) => !inCarts.includes(id));
      const moved = ids.length > 0 ? await this.archive.archive(ids, over) : 0;
      this.moved.inc(moved);
      this.sinceLastWord += moved;
      if (found.length < BATCH) return this.rest();
    }
  }

  private rest(): void {
    this.restsUntil = Date.now() + this.config.ORDER_ARCHIVE_EVERY_MS;
    if (this.sinceLastWord > 0) this.log.log(`${this.sinceLastWord} orders went to the archive`);
    this.sinceLastWord = 0;
  }

  /** By the order a cart knows that what is in it was bought; it may be long until its user looks at it. */
  private async stillInCarts(orders: Pick<OrderRecord, '_id' | 'userId' | 'items'>[]): Promise<Types.ObjectId[]> {
    const items = orders.flatMap((order) => order.items.flatMap(({ cartItem }) => cartItem ?? []));
    if (items.length === 0) return [];
    const carts = await this.carts
      .find({ _id: { $in: orders.map(({ userId }) => userId) }, 'items.id': { $in: items } })
      .lean();
    const inCarts = new Set(carts.flatMap((cart) => cart.items.map(({ id }) => String(id))));
    return orders
      .filter((order) => order.items.some(({ cartItem }) => cartItem && inCarts.has(String(cartItem))))
      .map(({ _id }) => _id);
  }
}

/** Ended, owing nothing, unchanged since then, and not to be replayed from the dead letters. */
const overSince = (time: Date): mongo.Filter<OrderRecord> => ({
  status: { $in: ENDED },
  tier: { $in: [...tiers] },
  createdAt: { $lt: time },
  updatedAt: { $lt: time },
  outbox: {},
  'failure.code': { $ne: 'PROCESSING_FAILED' },
});
