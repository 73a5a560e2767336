import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { lanePriority, orders, PROMOTED, tiers, type ProcessOrder, type QueuePlace, type Tier } from '@suite/contracts';
import { durationMs, gauge } from '@suite/platform';
import type { Queue } from 'bullmq';
import type { mongo } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderJob } from './order.view';
import { OrdersConfig } from './orders.config';

/** A promoted order still has to be taken up: it is promoted when so much of the longest wait is left. */
const MARGIN = 0.2;
const BATCH = 500;
/** Positions are told roughly; beyond this it makes no difference to anybody. */
const FURTHEST = 10_000;

/**
 * The lanes of the queue: VIP before standard, and ageing, so that a standard order is never overtaken for longer than
 * STANDARD_MAX_WAIT, however many VIPs come.
 */
@Injectable()
export class LanesService {
  constructor(
    private readonly store: OrderStore,
    private readonly config: OrdersConfig,
    @InjectQueue(orders.process.queue) private readonly queue: Queue<ProcessOrder>,
  ) {
    gauge('orders_queued', 'Jobs that wait for a worker, by lane; the same on every replica', () => this.depths(), [
      'lane',
    ]);
  }

  /** Moves standard orders that have waited too long before everybody else. Returns how many. */
  async promote(): Promise<number> {
    const longest = durationMs(this.config.STANDARD_MAX_WAIT) * (1 - MARGIN);
    const kept = await this.store.orders
      .find({
        status: 'PENDING',
        tier: 'standard',
        createdAt: { $lte: new Date(Date.now() - longest) },
        claim: 0,
        promotedAt: { $exists: false },
      })
      .sort({ createdAt: 1 })
      .limit(BATCH)
      .toArray();
    // One after the other: those who have waited longest stay first.
    for (const order of kept) await this.promoteOne(order);
    return kept.length;
  }

  /** Where a waiting order stands, roughly: VIPs who come later will still overtake a standard one. */
  async placeOf({ tier, createdAt }: OrderRecord): Promise<QueuePlace> {
    const waiting = (filter: mongo.Filter<OrderRecord>) =>
      this.store.orders.countDocuments({ status: 'PENDING', ...filter }, { limit: FURTHEST });
    const [inLane, vips] = await Promise.all([
      waiting({ tier, createdAt: { $lt: createdAt } }),
      tier === 'vip' ? 0 : waiting({ tier: 'vip' }),
    ]);
    return { lane: tier, position: inLane + vips + 1 };
  }

  private async depths(): Promise<[{ lane: Tier }, number][]> {
    const waiting = await this.queue.getCountsPerPriority(tiers.map((tier) => lanePriority[tier]));
    return tiers.map((lane) => [{ lane }, waiting[String(lanePriority[lane])] ?? 0]);
  }

  private async promoteOne(order: OrderRecord): Promise<void> {
    const { _id, userId } = order;
    const job = await this.queue.getJob(orders.process.key(orderJob(order)));
    if (!job) return;
    await job.changePriority({ priority: PROMOTED });
    await this.store.orders.updateOne({ _id, userId }, { $set: { promotedAt: new Date() } });
  }
}
