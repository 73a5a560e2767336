import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ProcessOrder } from '@suite/contracts';
import { Types } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

/**
 * The fence around an order: each claim has a number, and every later write filters on it, so that a worker which was
 * frozen past its lock and wakes up changes nothing, even when both hold the same job.
 */
@Injectable()
export class ClaimsService {
  constructor(private readonly store: OrderStore) {}

  /** The order, claimed; undefined when there is nothing to do: it has ended, or a later epoch took over. */
  async take({ orderId, userId, epoch }: ProcessOrder): Promise<OrderRecord | undefined> {
    const order = await this.store.find({ _id: new Types.ObjectId(orderId), userId: new Types.ObjectId(userId) });
    if (!order || order.status !== 'PENDING' || order.epoch !== epoch) return undefined;
    const { claim } = order;
    const claimed = {
      claim: claim + 1,
      claimId: randomUUID(),
      claimed: true,
      // Whoever held it before did not give it back: it died, or froze.
      crashes: order.crashes + (order.claimed ? 1 : 0),
      // Where there is a job, the first entry was told.
      told: Math.max(order.told, 1),
    };
    const took = await this.store.updateIf({
      key: order,
      condition: { status: 'PENDING', epoch, claim },
      update: { $set: claimed, $unset: { 'outbox.enqueue': 1 } },
      proof: { claimId: claimed.claimId },
    });
    return took ? { ...order, ...claimed } : undefined;
  }

  /** In good order, before a retry. What cannot be given back, because the store is away, counts as a crash later. */
  async giveBack({ _id, userId, claim }: OrderRecord): Promise<void> {
    await this.store.updateIf({
      key: { _id, userId },
      condition: { claim, status: 'PENDING' },
      update: { $set: { claimed: false } },
    });
  }
}
