import type { Payment } from '@suite/contracts';
import type { Move } from './moves.service';
import type { RefundRecord } from './order-details';
import type { OrderRecord } from './order.schema';
import { refundStep } from './refund';

const BY = 'payments';
const DECLINED = 'The payment was declined';
const EXPIRED = 'It was not paid in time';

/**
 * The next step that an order makes by what is known of its payment; undefined when it has made them all. Worked out of
 * the two as they are, so that it does not matter how often, how late and in which order the news came.
 */
export function nextStep(order: OrderRecord, payment: Payment, now: Date): Move | undefined {
  const awaits = order.status === 'AWAITING_PAYMENT' && !isFromBefore(order, payment);
  return (awaits ? decision(order, payment, now) : undefined) ?? news(order, payment);
}

/** Of an order that was replayed: what is told late of the payment before decides nothing about the one of now. */
const isFromBefore = (order: OrderRecord, payment: Payment): boolean => payment.epoch < order.epoch;

/** What decides about an order that waits for its payment. */
function decision(order: OrderRecord, payment: Payment, now: Date): Move | undefined {
  const { state, captured, refunded, reason } = payment;
  const over = order.payment.expiresAt !== undefined && order.payment.expiresAt <= now;
  switch (state) {
    case 'PAID':
      // Compared here as well: a payment that was opened for another amount does not pay this order, nor does money that
      // has gone back, as that of an order that was given up and is replayed.
      if (captured - refunded !== order.total) return over ? expired() : undefined;
      return {
        to: 'CONFIRMED',
        by: BY,
        changes: { payment: { status: 'PAID', ...named(payment) } },
        debts: { commit: true },
      };
    case 'DECLINED':
      return {
        to: 'FAILED',
        by: BY,
        failure: { code: 'PAYMENT_DECLINED', message: reason ?? DECLINED },
        giveUp: {},
        changes: { payment: { status: 'FAILED', declines: payment.declines, ...named(payment) } },
      };
    case 'REJECTED':
      return {
        to: 'FAILED',
        by: BY,
        failure: { code: 'PROCESSING_FAILED', message: 'The payment could not be begun' },
        giveUp: { cause: { error: reason ?? 'The provider refused to open the payment', attempts: 1 } },
        changes: { payment: { status: 'FAILED' } },
      };
    case 'VOIDED':
      return expired();
    case 'MISMATCHED':
      // It stands as flagged until its time is over; then what came in goes back.
      return over ? expired() : undefined;
    case 'PENDING':
      return undefined;
  }
}

const expired = (): Move => ({
  to: 'CANCELLED',
  by: BY,
  reason: EXPIRED,
  failure: { code: 'PAYMENT_EXPIRED', message: EXPIRED },
  giveUp: {},
  changes: { payment: { status: 'EXPIRED' } },
});

/** The order was cancelled before it was paid, and now it cannot be paid any more: nobody needs to be told. */
export const isQuietlyOver = ({ status, payment: { status: before } }: OrderRecord, { state }: Payment): boolean =>
  status === 'CANCELLED' && state === 'VOIDED' && (before === 'PENDING' || before === 'FAILED');

/** What happened to the payment and stands in the order's history: a decline, a dispute, money that went back. */
function news(order: OrderRecord, payment: Payment): Move | undefined {
  const { declines = 0, disputes = 0 } = order.payment;
  const { reason = DECLINED } = payment;
  if (payment.declines > declines) {
    const status = order.status === 'AWAITING_PAYMENT' ? { status: 'FAILED' as const } : {};
    return {
      kind: 'payment',
      by: BY,
      reason,
      changes: { payment: { ...status, declines: payment.declines, ...named(payment) } },
    };
  }
  if (payment.disputes > disputes) {
    return {
      kind: 'payment',
      by: BY,
      reason: `Disputed: ${reason}`,
      changes: { payment: { disputes: payment.disputes } },
    };
  }
  const refund = payment.refunds.find(({ key, state }) => state === 'done' && !isKnown(order, key));
  return refund && refundStep(order, madeElsewhere(refund));
}

/** By what people find it at the provider's. */
const named = ({ reference }: Payment): { reference?: string } => (reference === undefined ? {} : { reference });

const isKnown = ({ refunds = [] }: OrderRecord, key: string): boolean => refunds.some(({ id }) => id === key);

/** Not by an order of ours: late money that went back by itself, or what somebody refunded at the provider's own page. */
const madeElsewhere = ({ key, amount, reason }: Payment['refunds'][number]): RefundRecord => ({
  id: key,
  state: 'requested',
  amount,
  lines: [],
  restock: [],
  by: BY,
  ...(reason !== undefined && { reason }),
  at: new Date(),
});
