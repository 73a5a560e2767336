import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem, type OrderFailure, type OrderStatus } from '@suite/contracts';
import { firstCheckAfter } from './new-order';
import type { HistoryRecord, OrderRecord, Outbox } from './order.schema';
import { canMove } from './order.states';
import { OrderStore, type ConditionalUpdate } from './order-store';

export interface Move {
  to: OrderStatus;
  /** A user id, or the part of the suite that moves it. */
  by: string;
  reason?: string;
  failure?: OrderFailure;
  /** Give the order up: older epochs lose their say, and what they took is to be given back. */
  giveUp?: Pick<OrderRecord, 'cause'>;
  /** Send it on its way again from the dead letters, as if it had just been placed, in a new epoch. */
  replay?: boolean;
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
  async move(order: OrderRecord, move: Move): Promise<OrderRecord | undefined> {
    const { update, moved } = moveOf(order, move);
    return (await this.store.updateIf(update)) ? moved : undefined;
  }
}

/**
 * A move as the one conditional write that makes it, and the order as it is when that took effect. For whoever writes it
 * together with something else; everybody else calls `move`.
 * @throws Problem INVALID_TRANSITION
 */
export function moveOf(order: OrderRecord, move: Move): { update: ConditionalUpdate; moved: OrderRecord } {
  const { to, by, reason, failure, giveUp, replay } = move;
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
    ...(replay && { epoch: epoch + 1, crashes: 0, replays: (order.replays ?? 0) + 1, checkAt: firstCheckAfter(at) }),
  };
  const owed: Outbox = replay ? { enqueue: at } : { tell: at, ...(giveUp && { compensate: at }) };
  const settled = replay ? ['failure', 'cause', 'outbox.compensate'] : ['outbox.enqueue'];
  const update: ConditionalUpdate = {
    key: order,
    condition: { status, epoch, claim, seq },
    update: {
      $set: {
        ...changes,
        ...Object.fromEntries(Object.entries(owed).map(([debt, since]) => [`outbox.${debt}`, since])),
      },
      $unset: Object.fromEntries(settled.map((field) => [field, 1])),
      $push: { history: entry },
    },
    proof: { 'history.moveId': entry.moveId },
  };
  const outbox = { ...order.outbox, ...owed };
  const rest = replay ? { ...order, failure: undefined, cause: undefined } : order;
  return { update, moved: { ...rest, ...changes, outbox, history: [...order.history, entry] } };
}
