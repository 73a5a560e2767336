import { Problem, type RefundOrder } from '@suite/contracts';
import { Types } from 'mongoose';
import type { Changes, Debts, Move } from './moves.service';
import type { RefundRecord } from './order-details';
import type { OrderRecord } from './order.schema';
import { canMove } from './order.states';
import { sum, unitRecords, unitsOf, wantedUnits, type Units } from './units';

/** Nobody refunds an order in more parts; it keeps the document small. What is left can always be refunded in one. */
const MAX_REFUNDS = 200;

export type RefundWish = Pick<RefundOrder, 'amount' | 'lines' | 'restock'>;

/** Minor units. Cash counts as captured from CONFIRMED on; what is paid online is captured before that. */
export const capturedOf = (order: OrderRecord): number => (wasConfirmed(order) ? order.total : 0);

export const wasConfirmed = ({ history }: OrderRecord): boolean => history.some(({ status }) => status === 'CONFIRMED');

/** Requested, and not known to be paid out. */
export const openRefunds = ({ refunds = [] }: OrderRecord): RefundRecord[] =>
  refunds.filter(({ state }) => state === 'requested');

/** Minor units that were captured, and that no refund has taken or is about to take. */
export const leftToRefund = (order: OrderRecord): number =>
  capturedOf(order) - order.payment.refunded - sum(openRefunds(order).map(({ amount }) => amount));

/** Units that no refund was for, or is about to be for. */
const unrefundedUnits = (order: OrderRecord): Units =>
  order.items.map(
    (item) => item.quantity - item.refunded - sum(openRefunds(order).map(({ lines }) => unitsOf(item, lines))),
  );

/** Units that have not gone back on sale, and are not about to. */
const unreturnedUnits = (order: OrderRecord): Units =>
  order.items.map(
    (item) =>
      item.quantity - (item.restocked ?? 0) - sum(openRefunds(order).map(({ restock }) => unitsOf(item, restock))),
  );

/**
 * What a wish for a refund comes to.
 * @throws Problem INVALID_TRANSITION before anything was captured; REFUND_EXCEEDS_CAPTURE; VALIDATION_FAILED
 */
export function newRefund(order: OrderRecord, wish: RefundWish, by: string, reason?: string): RefundRecord {
  assertConsistent(wish);
  if (!wasConfirmed(order)) {
    throw new Problem('INVALID_TRANSITION', `An order that is ${order.status} cannot be refunded`);
  }
  const [left, unrefunded] = [leftToRefund(order), unrefundedUnits(order)];
  const units = unitsWanted(order, wish, unrefunded);
  const priced = sum(order.items.map(({ price }, i) => price * units[i]));
  const amount = wish.amount ?? (wish.lines ? priced : left);
  const nothing = (left === 0 && order.total > 0) || (amount === 0 && sum(units) === 0);
  const short = order.items.find((_item, i) => units[i] > unrefunded[i]);
  if (amount > left || nothing || short) {
    const stockId = short && { stockId: String(short.stockId) };
    throw new Problem('REFUND_EXCEEDS_CAPTURE', undefined, { refundable: left, ...stockId });
  }
  const whole = wish.amount === undefined && wish.lines === undefined;
  if (!whole && (order.refunds?.length ?? 0) >= MAX_REFUNDS) {
    throw new Problem('INVALID_TRANSITION', 'There are too many refunds: refund all that is left');
  }
  return {
    id: new Types.ObjectId().toHexString(),
    state: 'requested',
    amount,
    lines: unitRecords(order, units),
    restock: unitRecords(order, returnedWith(order, wish, units, amount === left)),
    by,
    ...(reason !== undefined && { reason }),
    at: new Date(),
  };
}

/** The step that an order makes when a refund of it was paid out. */
export function refundStep(order: OrderRecord, refund: RefundRecord): Move {
  const changes = afterRefund(order, refund);
  const ends = changes.payment!.status === 'REFUNDED' && canMove(order.status, 'REFUNDED', 'suite');
  return {
    ...(ends ? { to: 'REFUNDED' } : { kind: 'refund' }),
    by: refund.by,
    reason: refund.reason,
    changes,
    debts: {
      ...(isLastOpen(order, refund) && { refund: false }),
      ...(returning(order, refund).length > 0 && { restock: true }),
    },
  };
}

/** What remains of one that cannot be paid out: its money and its units can be refunded anew. */
export function failedRefund(order: OrderRecord, refund: RefundRecord, error: string): [Changes, Debts] {
  const failed: RefundRecord = { ...refund, state: 'failed', error };
  return [{ refunds: replaced(order, failed) }, isLastOpen(order, refund) ? { refund: false } : {}];
}

/** All counts of an order, once the refund is done with its next step. */
export function afterRefund(order: OrderRecord, refund: RefundRecord): Changes {
  const restock = returning(order, refund);
  const done: RefundRecord = { ...refund, restock, state: 'done', seq: order.seq + 1 };
  const items = order.items.map((item) => ({
    ...item,
    refunded: item.refunded + unitsOf(item, refund.lines),
    restocked: (item.restocked ?? 0) + unitsOf(item, restock),
  }));
  return {
    items,
    refunds: replaced(order, done),
    payment: paymentAfter({ ...order, items }, order.payment.refunded + refund.amount),
  };
}

/** Of a payment of which so much (minor units) was refunded. */
export function paymentAfter(
  { total, items, payment: { method, status } }: OrderRecord,
  refunded: number,
): Pick<OrderRecord['payment'], 'refunded' | 'status'> {
  // An order that cost nothing is refunded when all of its lines are.
  const whole = total > 0 ? refunded >= total : items.every((item) => item.refunded === item.quantity);
  if (whole) return { refunded, status: 'REFUNDED' };
  if (refunded > 0) return { refunded, status: 'PARTIALLY_REFUNDED' };
  const wasRefunded = status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';
  return { refunded, status: wasRefunded ? (method === 'CASH_ON_DELIVERY' ? 'NONE' : 'PAID') : status };
}

/** All refunds of an order, with this one as it has become, or added. */
const replaced = ({ refunds = [] }: OrderRecord, refund: RefundRecord): RefundRecord[] => [
  ...refunds.filter(({ id }) => id !== refund.id),
  refund,
];

const isLastOpen = (order: OrderRecord, refund: RefundRecord): boolean =>
  openRefunds(order).every(({ id }) => id === refund.id);

function unitsWanted(order: OrderRecord, { amount, lines }: RefundWish, unrefunded: Units): Units {
  if (lines) return wantedUnits(order, lines, 'lines');
  return amount === undefined ? unrefunded : order.items.map(() => 0);
}

/** What goes back on sale: the units in question, and with the last of the money also those that now stay here. */
function returnedWith(order: OrderRecord, wish: RefundWish, units: Units, last: boolean): Units {
  const { restock = order.status === 'CONFIRMED' } = wish;
  const [unrefunded, unreturned] = [unrefundedUnits(order), unreturnedUnits(order)];
  const returned = order.items.map(({ shipped }, i) => {
    if (!restock) return 0;
    const staying = last ? Math.max(0, unrefunded[i] - units[i] - shipped) : 0;
    return Math.min(units[i] + staying, unreturned[i]);
  });
  if (wish.restock && wish.amount !== undefined && sum(returned) === 0) {
    throw invalid('restock', 'restock goes with lines, or with all that is left');
  }
  return returned;
}

/** Of an order that was cancelled in the meantime everything has gone back already. */
const returning = ({ status }: OrderRecord, { restock }: RefundRecord) => (status === 'CANCELLED' ? [] : restock);

function assertConsistent({ amount, lines }: RefundWish): void {
  if (amount !== undefined && lines) throw invalid('amount', 'amount does not go together with lines');
}

const invalid = (path: string, message: string): Problem =>
  new Problem('VALIDATION_FAILED', undefined, { errors: [{ path, message }] });
