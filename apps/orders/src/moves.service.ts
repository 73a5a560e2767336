import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem, type OrderFailure, type OrderStatus } from '@suite/contracts';
import type { HistoryRecord, OrderRecord } from './order.schema';
import { canMove } from './order.states';
import { OrderStore } from './order-store';

export interface Move {
  to: OrderStatus;
  /** A user id, or the part of the suite that moves it. */
  by: string;
  reason?: string;
  failure?: OrderFailure;
  /** Give the order up: older epochs lose their say, and what they took is to be given back. */
  giveUp?: Pick<OrderRecord, 'cause'>;
}

/** The only way in which an order changes its status. */
@Injectable()
export class MovesService {
  constructor(private readonly store: OrderStore) {}

  /**
   * The order as it is after the move; undefined when somebody else moved or claimed it first: read it again and decide
   * anew.
   * @throws Problem INVALID_TRANSITION
   */
  async move(order: OrderRecord, { to, by, reason, failure, giveUp }: Move): Promise<OrderRecord | undefined> {
    const { status, epoch, claim, seq } = order;
    if (!canMove(status, to)) throw new Problem('INVALID_TRANSITION', `An order that is ${status} cannot be ${to}`);
    const at = new Date();
    const entry: HistoryRecord = {
      seq: seq + 1,
      kind: 'status',
      status: to,
      at,
      by,
      moveId: randomUUID(),
      ...(reason !== undefined && { reason }),
    };
    const changes = {
      status: to,
      seq: entry.seq,
      updatedAt: at,
      claimed: false,
      ...(failure && { failure }),
      ...(giveUp && { epoch: epoch + 1, cause: giveUp.cause }),
    };
    const moved = await this.store.updateIf({
      key: order,
      condition: { status, epoch, claim, seq },
      update: {
        $set: { ...changes, 'outbox.tell': at, ...(giveUp && { 'outbox.compensate': at }) },
        $unset: { 'outbox.enqueue': 1 },
        $push: { history: entry },
      },
      proof: { 'history.moveId': entry.moveId },
    });
    if (!moved) return undefined;
    const outbox = { ...order.outbox, tell: at, ...(giveUp && { compensate: at }) };
    return { ...order, ...changes, outbox, history: [...order.history, entry] };
  }
}
