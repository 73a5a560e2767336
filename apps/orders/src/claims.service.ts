import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ProcessOrder } from '@suite/contracts';
import { Types } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

/**
 * The fence around an order: each claim has a number, and every later write filters on it, so that a worker which was
 * frozen past its lock and wakes up changes nothing, even when both hold the same job. The first run of an order needs
 * no claim of its own: 0 is a number as well, and whoever takes the order up after a death draws the next one.
 */
@Injectable()
export class ClaimsService {
  constructor(private readonly store: OrderStore) {}

  /** The order of a job; undefined when there is nothing to do: it has ended, or a later epoch took over. */
  async find({ orderId, userId, epoch }: ProcessOrder): Promise<OrderRecord | undefined> {
    const order = await this.store.find({ _id: new Types.ObjectId(orderId), userId: new Types.ObjectId(userId) });
    return order?.status === 'PENDING' && order.epoch === epoch ? order : undefined;
  }

  /**
   * The order, claimed; undefined when it has moved on, or somebody else has claimed it, since it was found.
   * @param deaths how often its workers have died or frozen; written down with the claim
   */
  async take(order: OrderRecord, deaths: number): Promise<OrderRecord | undefined> {
    const { claim, epoch } = order;
    const claimed = {
      claim: claim + 1,
      claimId: randomUUID(),
      claimed: true,
      crashes: deaths,
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
  async giveBack({ _id, userId, claim, claimed }: OrderRecord): Promise<void> {
    if (!claimed) return;
    await this.store.updateIf({
      key: { _id, userId },
      condition: { claim, status: 'PENDING' },
      update: { $set: { claimed: false } },
    });
  }
}

/**
 * How often the workers of an order have died or frozen by now: whoever holds it still has not given it back. Before the
 * first claim only its job knows, and only one can have died with it in hand: the next one claims it before it begins.
 * What is lost beyond that was waiting at the gate.
 * @param lostStarts of the job: those that ended neither well nor with an error
 */
export const deathsOf = ({ crashes, claimed, claim }: OrderRecord, lostStarts: number): number =>
  claim === 0 ? Math.min(lostStarts, 1) : crashes + (claimed ? 1 : 0);
