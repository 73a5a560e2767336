import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HistoryKind, OrderFailure, OrderStatus } from '@suite/contracts';
import { firstCheckAfter } from './new-order';
import type { KeyRecord } from './order-details';
import type { HistoryRecord, OrderRecord, Outbox } from './order.schema';
import { assertCanMove, type Mover } from './order.states';
import { OrderStore, type ConditionalUpdate } from './order-store';

/** What else becomes true of an order in the same write. Of its payment only what is named changes. */
export interface Changes extends Partial<Pick<OrderRecord, 'items' | 'shipments' | 'refunds' | 'checkAt'>> {
  payment?: Partial<OrderRecord['payment']>;
  /** Remembered, so that it is not done again under the same idempotency key. */
  key?: KeyRecord;
}

/** What an order owes from then on (true), or no longer (false). */
export type Debts = Partial<Record<keyof Outbox, boolean>>;

export interface Move {
  /** Absent where the status stays, and only the history grows. */
  to?: OrderStatus;
  /** Of the entry in the history: `status`, and something else where the status stays. */
  kind?: HistoryKind;
  /** A user id, or the part of the suite that moves it. */
  by: string;
  /** In which capacity; the table of states says who may what. The suite itself, if absent. */
  as?: Mover;
  reason?: string;
  failure?: OrderFailure;
  /** Give the order up: older epochs lose their say, and what they took is to be given back. */
  giveUp?: Pick<OrderRecord, 'cause'>;
  /** Send it on its way again from the dead letters, as if it had just been placed, in a new epoch. */
  replay?: boolean;
  changes?: Changes;
  debts?: Debts;
  /** Claims the order in the same write: by whoever took it up first, and has not written that down before. */
  claim?: boolean;
  /** Names this write, once and for all orders that it is made of; drawn here, if absent. */
  moveId?: string;
  /** Now, if absent. */
  at?: Date;
}

/** The one conditional write that makes a step, and the order as it is when that took effect. */
export interface Step {
  update: ConditionalUpdate;
  moved: OrderRecord;
}

/** The only way in which an order changes its status, and what has to agree with it. */
@Injectable()
export class MovesService {
  constructor(private readonly store: OrderStore) {}

  /**
   * The order as it is after the move; undefined when somebody else moved or claimed it first: read it again and decide
   * anew. Where the status stays, it is the same: the history grows by one entry, of which everybody is told.
   * @throws Problem INVALID_TRANSITION
   */
  move(order: OrderRecord, move: Move): Promise<OrderRecord | undefined> {
    return this.make(moveOf(order, move));
  }

  /** As `move`, of what nobody is told: see `amendmentOf`. */
  amend(order: OrderRecord, changes: Changes, debts?: Debts): Promise<OrderRecord | undefined> {
    return this.make(amendmentOf(order, changes, debts));
  }

  private async make({ update, moved }: Step): Promise<OrderRecord | undefined> {
    return (await this.store.updateIf(update)) ? moved : undefined;
  }
}

/**
 * For whoever writes a move together with something else; everybody else calls `move`.
 * @throws Problem INVALID_TRANSITION
 */
export function moveOf(order: OrderRecord, move: Move): Step {
  const { to, kind = 'status', by, as = 'suite', reason, failure, giveUp, replay } = move;
  const { moveId = randomUUID(), at = new Date() } = move;
  if (to !== undefined) assertCanMove(order.status, to, as);
  const [status, seq] = [to ?? order.status, order.seq + 1];
  const entry: HistoryRecord = { seq, kind, status, at, by, moveId, ...(reason !== undefined && { reason }) };
  const set = {
    status,
    seq,
    updatedAt: at,
    claimed: false,
    ...(move.claim && { claim: order.claim + 1 }),
    ...(failure && { failure }),
    ...(giveUp && { epoch: order.epoch + 1, cause: giveUp.cause }),
    ...(replay && {
      epoch: order.epoch + 1,
      crashes: 0,
      replays: (order.replays ?? 0) + 1,
      checkAt: firstCheckAfter(at),
    }),
  };
  const debts: Debts = {
    ...move.debts,
    ...(replay ? { enqueue: true, tell: true, compensate: false } : { enqueue: false, tell: true }),
    ...(giveUp && { compensate: true, commit: false }),
  };
  const forgotten = replay ? (['failure', 'cause'] as const) : [];
  return stepOf(order, { set, forgotten, entry, changes: move.changes, debts, proof: { 'history.moveId': moveId } });
}

/**
 * Changes of an order without anything having happened that anybody is told of. It draws the next claim: whoever decided
 * on the order as it was before finds it changed, and decides anew.
 */
export function amendmentOf(order: OrderRecord, changes: Changes, debts: Debts = {}): Step {
  const set = { claim: order.claim + 1, claimId: randomUUID() };
  return stepOf(order, { set, changes, debts, proof: { claimId: set.claimId } });
}

interface Parts {
  set: Partial<OrderRecord>;
  forgotten?: readonly (keyof OrderRecord)[];
  entry?: HistoryRecord;
  changes?: Changes;
  debts: Debts;
  proof: ConditionalUpdate['proof'];
}

function stepOf(order: OrderRecord, { set, forgotten = [], entry, changes = {}, debts, proof }: Parts): Step {
  const { status, epoch, claim, seq } = order;
  const { payment, key, ...whole } = changes;
  const begun = debtsOf(debts, true, entry?.at ?? new Date());
  const update: ConditionalUpdate = {
    key: order,
    condition: { status, epoch, claim, seq },
    update: {
      $set: { ...set, ...whole, ...within('payment', payment), ...within('outbox', begun) },
      $unset: { ...valueFor(forgotten, true as const), ...within('outbox', debtsOf(debts, false, true as const)) },
      $push: { ...(entry && { history: entry }), ...(key && { keys: key }) },
    },
    proof,
  };
  const moved = {
    ...order,
    ...valueFor(forgotten, undefined),
    ...set,
    ...whole,
    payment: { ...order.payment, ...payment },
    outbox: { ...order.outbox, ...debtsOf(debts, false, undefined), ...begun },
    history: entry ? [...order.history, entry] : order.history,
  };
  return { update, moved };
}

/** The debts that begin, or those that end, each with a value. */
function debtsOf<Value>(debts: Debts, begins: boolean, value: Value): Partial<Record<keyof Outbox, Value>> {
  const names = Object.keys(debts) as (keyof Outbox)[];
  return valueFor(
    names.filter((name) => debts[name] === begins),
    value,
  );
}

const valueFor = <Name extends string, Value>(names: readonly Name[], value: Value) =>
  Object.fromEntries(names.map((name) => [name, value])) as Partial<Record<Name, Value>>;

/** As MongoDB names the fields of a document within another. */
const within = <Value>(field: string, values: Record<string, Value> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${field}.${name}`, value]));
