import {
  MAX_STOCK,
  Problem,
  type AdjustStock,
  type MovementKind,
  type Nothing,
  type Reserve,
  type ReserveAnswer,
  type ReservedLine,
  type Restock,
  type SettleReservation,
} from '@suite/contracts';
import { faults } from '@suite/platform';
import {
  LedgerDraft,
  type LedgerChanges,
  type LedgerPicture,
  type MovementEntry,
  type ReservationState,
} from './ledger-draft';

/** What the ledger can be asked for. Each is safe to repeat. */
export type LedgerRequest =
  | ({ kind: 'reserve' } & Reserve)
  | ({ kind: 'commit' | 'release' } & SettleReservation)
  | ({ kind: 'restock' } & Restock)
  | ({ kind: 'adjust' } & Adjusting);

/** By an admin: a correction, or goods that came in. */
export interface Adjusting extends AdjustStock {
  as: 'adjustment' | 'receipt';
  movementId: string;
  by: string;
}

export type LedgerAnswer = ReserveAnswer | Nothing | { movement: MovementEntry; replayed: boolean };

export interface Decision extends LedgerChanges {
  /** One for each request, in the same order. */
  answers: (LedgerAnswer | Problem)[];
}

/**
 * Who is served first within a batch: what gives back or only books comes before what takes, and VIPs before standard
 * customers. Among equals the order of arrival decides.
 */
export function laneOf(request: LedgerRequest): number {
  if (request.kind !== 'reserve') return 0;
  return request.tier === 'vip' ? 1 : 2;
}

/**
 * Decides a batch in memory: from what was read, what to answer and what to write. Pure: the same input gives the same
 * decision, so that a batch which met a conflict is simply read and decided again.
 */
export function decide(picture: LedgerPicture, requests: LedgerRequest[], at: Date): Decision {
  const draft = new LedgerDraft(picture, at);
  const answers: Decision['answers'] = [];
  const inLaneOrder = requests.map((_, i) => i).sort((a, b) => laneOf(requests[a]) - laneOf(requests[b]) || a - b);
  for (const i of inLaneOrder) answers[i] = decideOne(draft, requests[i]);
  return { answers, ...draft.changes() };
}

function decideOne(draft: LedgerDraft, request: LedgerRequest): LedgerAnswer | Problem {
  switch (request.kind) {
    case 'reserve':
      return reserve(draft, request);
    case 'commit':
      return commit(draft, request);
    case 'release':
      return release(draft, request);
    case 'restock':
      return restock(draft, request);
    case 'adjust':
      return adjust(draft, request);
  }
}

/** A reservation is an epoch and one of three states; what belongs to an older epoch changes nothing any more. */
function reserve(draft: LedgerDraft, request: Reserve): ReserveAnswer | Problem {
  const { orderId, epoch } = request;
  const known = faults?.has('double-take') ? undefined : draft.reservation(orderId);
  if (!known || (known.state === 'released' && known.epoch < epoch)) return take(draft, request);
  if (known.state === 'released' || epoch < known.epoch) return { outcome: known.state };
  const commits = request.commit && known.state === 'held';
  if (commits) moveLines(draft, 'commit', orderId, known.lines, { reserved: -1, sold: 1 });
  const state = commits ? 'committed' : known.state;
  draft.reserve(orderId, { ...known, epoch, state });
  return { outcome: state };
}

/** All lines or none. */
function take(draft: LedgerDraft, request: Reserve): ReserveAnswer | Problem {
  const { orderId, epoch, commit } = request;
  const lines = mergeLines(request.lines);
  for (const { stockId, quantity } of lines) {
    const stock = draft.stock(stockId);
    if (!stock) return new Problem('STOCK_NOT_FOUND', undefined, { stockId });
    if (stock.available < quantity)
      return faults?.has('oversell') ? oversell(draft, request) : { outcome: 'insufficient', stockId };
  }
  if (commit) moveLines(draft, 'commit', orderId, lines, { available: -1, sold: 1 });
  else moveLines(draft, 'reservation', orderId, lines, { available: -1, reserved: 1 });
  const state = commit ? 'committed' : 'held';
  draft.reserve(orderId, { epoch, state, lines });
  return { outcome: state };
}

/** A planted fault: the order has it in writing, and no unit has moved. MongoDB itself would not let it go below zero. */
function oversell(draft: LedgerDraft, { orderId, epoch, lines }: Reserve): ReserveAnswer {
  draft.reserve(orderId, { epoch, state: 'committed', lines: mergeLines(lines) });
  return { outcome: 'committed' };
}

function commit(draft: LedgerDraft, { orderId, epoch }: SettleReservation): Nothing | Problem {
  const known = draft.reservation(orderId);
  if (!known || known.state === 'released' || epoch < known.epoch) {
    return new Problem('INVALID_TRANSITION', 'Nothing is held for this order', { state: known?.state ?? 'none' });
  }
  if (known.state === 'held') moveLines(draft, 'commit', orderId, known.lines, { reserved: -1, sold: 1 });
  draft.reserve(orderId, { ...known, epoch, state: 'committed' });
  return {};
}

function release(draft: LedgerDraft, { orderId, epoch }: SettleReservation): Nothing {
  const known = draft.reservation(orderId) ?? { state: 'released', epoch, lines: [] };
  if (epoch < known.epoch) return {};
  giveBack(draft, orderId, known.state, known.lines);
  draft.reserve(orderId, { ...known, epoch, state: 'released' });
  return {};
}

/** A part comes back: what is more in all than came back before. What is left of it stays, to be given back later. */
function restock(draft: LedgerDraft, { orderId, epoch, lines: totals }: Restock): Nothing | Problem {
  const known = draft.reservation(orderId);
  if (!known || known.state === 'released' || epoch < known.epoch) return {};
  const wanted = new Map(mergeLines(totals).map(({ stockId, quantity }) => [stockId, quantity]));
  const back: ReservedLine[] = [];
  const lines = known.lines.map((line) => {
    const { stockId, quantity, returned = 0 } = line;
    const more = (wanted.get(stockId) ?? 0) - returned;
    wanted.delete(stockId);
    if (more <= 0) return line;
    back.push({ stockId, quantity: more });
    return { stockId, quantity: quantity - more, returned: returned + more };
  });
  const excess = lines.find(({ quantity }) => quantity < 0)?.stockId ?? [...wanted.keys()][0];
  if (excess !== undefined) {
    return new Problem('INVALID_TRANSITION', 'The order did not have so much', { stockId: excess });
  }
  giveBack(draft, orderId, known.state, back);
  if (back.length > 0) draft.reserve(orderId, { ...known, lines });
  return {};
}

function giveBack(draft: LedgerDraft, orderId: string, state: ReservationState, lines: ReservedLine[]): void {
  if (state === 'held') moveLines(draft, 'release', orderId, lines, { reserved: -1, available: 1 });
  if (state === 'committed') moveLines(draft, 'release', orderId, lines, { sold: -1, available: 1 });
}

function adjust(draft: LedgerDraft, request: Adjusting): LedgerAnswer | Problem {
  const { as, stockId, delta, reason, movementId, by } = request;
  const made = draft.adjustment(movementId);
  if (made) {
    const same = made.kind === as && made.stockId === stockId && made.available === delta && made.reason === reason;
    return same ? { movement: made, replayed: true } : new Problem('IDEMPOTENCY_KEY_REUSED');
  }
  const stock = draft.stock(stockId);
  if (!stock) return new Problem('STOCK_NOT_FOUND', undefined, { stockId });
  const { available, reserved } = stock;
  if (available + delta < 0)
    return new Problem('INSUFFICIENT_STOCK', undefined, { stockId, requested: -delta, available });
  if (available + reserved + delta > MAX_STOCK) {
    const message = `delta must leave at most ${MAX_STOCK} in stock`;
    return new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: 'delta', message }] });
  }
  const movement = draft.move(stockId, as, { available: delta }, { id: movementId, reason, by });
  return { movement, replayed: false };
}

/** Moves each line's quantity as the signs say: `{ available: -1, reserved: 1 }` is a reservation. */
function moveLines(
  draft: LedgerDraft,
  kind: MovementKind,
  orderId: string,
  lines: ReservedLine[],
  signs: { available?: number; reserved?: number; sold?: number },
): void {
  const { available = 0, reserved = 0, sold = 0 } = signs;
  for (const { stockId, quantity: q } of lines) {
    // All of it came back before.
    if (q === 0) continue;
    draft.move(stockId, kind, { available: available * q, reserved: reserved * q, sold: sold * q }, { orderId });
  }
}

/** One line a stock, in the order of stock ids: all who touch several touch them in the same order. */
export function mergeLines(lines: ReservedLine[]): ReservedLine[] {
  const quantities = new Map<string, number>();
  for (const { stockId, quantity } of lines) quantities.set(stockId, (quantities.get(stockId) ?? 0) + quantity);
  return [...quantities].map(([stockId, quantity]) => ({ stockId, quantity })).sort(byStockId);
}

const byStockId = (a: ReservedLine, b: ReservedLine): number => (a.stockId < b.stockId ? -1 : 1);
