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

  /** The order of a job; undefined when there is nothing to do: it has ended, or a later epoch took over. */
  async find({ orderId, userId, epoch }: ProcessOrder): Promise<OrderRecord | undefined> {
    const order = await this.store.find({ _id: new Types.ObjectId(orderId), userId: new Types.ObjectId(userId) });
    return order?.status === 'PENDING' && order.epoch === epoch ? order : undefined;
  }

  /** The order, claimed; undefined when it has moved on, or somebody else has claimed it, since it was found. */
  async take(order: OrderRecord): Promise<OrderRecord | undefined> {
    const { claim, epoch } = order;
    const claimed = {
      claim: claim + 1,
      claimId: randomUUID(),
      claimed: true,
      crashes: crashesOf(order),
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

/** How often the workers of an order have died or frozen by now: whoever holds it still has not given it back. */
export const crashesOf = ({ crashes, claimed }: OrderRecord): number => crashes + (claimed ? 1 : 0);
