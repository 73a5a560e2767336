import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { orders, type ProcessOrder } from '@suite/contracts';
import { failpoints, isAlive } from '@suite/platform';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { CompensationService } from './compensation.service';
import { FactsService } from './facts.service';
import { MovesService } from './moves.service';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderJob } from './order.view';

/** How long an order with a live job is left alone, in ms. */
const RECHECK_MS = 15_000;
const BATCH = 500;
/** Vanishes when Redis is emptied. */
const CANARY = 'canary:{orders}';
const RETELL_MS = 3_600_000;

/** Looks after accepted orders that wait: each has a live job, gets a new one, or is given up. */
@Injectable()
export class WaitingOrdersService {
  constructor(
    private readonly store: OrderStore,
    private readonly moves: MovesService,
    private readonly facts: FactsService,
    private readonly compensation: CompensationService,
    private readonly redis: Redis,
    @InjectQueue(orders.process.queue) private readonly queue: Queue<ProcessOrder>,
  ) {}

  /** Returns how many orders were helped. */
  async check(): Promise<number> {
    let helped = 0;
    for (;;) {
      const due = await this.store.orders
        .find({ status: 'PENDING', checkAt: { $lte: new Date() } })
        .sort({ checkAt: 1 })
        .limit(BATCH)
        .toArray();
      const results = await Promise.all(due.map((order) => this.checkOne(order)));
      helped += results.filter(Boolean).length;
      if (due.length < BATCH) return helped;
    }
  }

  /**
   * When Redis was emptied, jobs and untold facts went with it: all waiting orders are looked at now, and what happened
   * within the last hour is told again. The last one in which anything happened: the shop may have been closed since then,
   * or be restored from a backup. Returns how many orders that concerns.
   */
  async noticeEmptiedRedis(): Promise<number> {
    if (await this.redis.exists(CANARY)) return 0;
    const now = new Date();
    await this.store.orders.updateMany({ status: 'PENDING', checkAt: { $gt: now } }, { $set: { checkAt: now } });
    const { modifiedCount } = await this.store.orders.updateMany(
      { updatedAt: { $gte: new Date((await this.lastChange(now)).getTime() - RETELL_MS) } },
      { $set: { told: -now.getTime(), 'outbox.tell': now } },
    );
    await this.redis.set(CANARY, now.toISOString());
    return modifiedCount;
  }

  private async lastChange(now: Date): Promise<Date> {
    const newest = await this.store.orders.findOne({}, { sort: { updatedAt: -1 }, projection: { updatedAt: 1 } });
    return newest && newest.updatedAt < now ? newest.updatedAt : now;
  }

  private async checkOne(order: OrderRecord): Promise<boolean> {
    const id = orders.process.key(orderJob(order));
    const state = await this.queue.getJobState(id);
    if (isAlive(state)) return this.leaveAlone(order);
    if (state === 'failed') return this.giveUp(order, id);
    // It never had a job, as far as is known: that is the relay's.
    if (state === 'unknown' && order.outbox.enqueue) return this.leaveAlone(order);
    return this.enqueueAgain(order);
  }

  private async leaveAlone({ _id, userId, epoch }: OrderRecord): Promise<false> {
    await this.store.updateIf({
      key: { _id, userId },
      condition: { status: 'PENDING', epoch },
      update: { $set: { checkAt: new Date(Date.now() + RECHECK_MS) } },
    });
    return false;
  }

  /** No job, or one that ended without its order having ended. The old epoch loses its say before a new job exists. */
  private enqueueAgain({ _id, userId, epoch, claim }: OrderRecord): Promise<boolean> {
    const now = Date.now();
    return this.store.updateIf({
      key: { _id, userId },
      condition: { status: 'PENDING', epoch, claim },
      update: { $inc: { epoch: 1 }, $set: { 'outbox.enqueue': new Date(0), checkAt: new Date(now + RECHECK_MS) } },
      proof: { epoch: epoch + 1 },
    });
  }

  /** Its job has exhausted its attempts, or cannot succeed: back goes what was taken. */
  private async giveUp(order: OrderRecord, jobId: string): Promise<boolean> {
    const job = await this.queue.getJob(jobId);
    const moved = await this.moves.move(order, {
      to: 'FAILED',
      by: 'reconciler',
      failure: { code: 'PROCESSING_FAILED', message: 'The order could not be processed' },
      giveUp: { cause: { error: job?.failedReason ?? 'UNKNOWN', attempts: job?.attemptsMade ?? 0 } },
      // Some worker has taken it up, and as long as it was the first one nothing said so.
      claim: order.claim === 0,
    });
    if (!moved) return false;
    if (failpoints) await failpoints.reach('order.given-up', moved);
    await this.compensation.compensate(moved);
    await this.facts.tellAndNote(moved);
    return true;
  }
}
