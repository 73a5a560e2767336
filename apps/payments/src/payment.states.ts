import { MAX_DECLINES, type PaymentState } from '@suite/contracts';
import type { CaptureRecord, PaymentRecord } from './payment.schema';

/**
 * Where a payment stands and what is owed to it, worked out of what is wanted and what is known. Pure, so that every
 * replica comes to the same conclusion, whatever it heard first.
 */
const sum = (amounts: { amount: number }[]): number => amounts.reduce((total, { amount }) => total + amount, 0);

export const capturedOf = ({ captures }: PaymentRecord): number => sum(captures);

/** What has gone back for certain. */
export const refundedOf = ({ refunds }: PaymentRecord): number => sum(refunds.filter(({ state }) => state === 'done'));

export const refundsDone = ({ refunds }: PaymentRecord): number =>
  refunds.filter(({ state }) => state === 'done').length;

/** What can still go back: what came in, less what went back or is on its way. */
export const refundableOf = (payment: PaymentRecord): number =>
  sum(payment.captures.map((capture) => ({ amount: leftOf(payment, capture) })));

/** What is left of one capture. */
export const leftOf = ({ refunds }: PaymentRecord, { id, amount }: CaptureRecord): number =>
  amount - sum(refunds.filter(({ captureId, state }) => captureId === id && state !== 'failed'));

/** Refused for good: by the provider, or because it was declined too often. */
export const isRefused = ({ refused, declines }: PaymentRecord): boolean =>
  refused !== undefined || declines.length >= MAX_DECLINES;

export function stateOf(payment: PaymentRecord): PaymentState {
  const { captures, amount, currency, voided, rejected } = payment;
  if (captures.length > 0) {
    const asAsked = capturedOf(payment) === amount && captures.every((capture) => capture.currency === currency);
    return asAsked ? 'PAID' : 'MISMATCHED';
  }
  if (rejected !== undefined) return 'REJECTED';
  if (voided) return isRefused(payment) ? 'DECLINED' : 'VOIDED';
  return 'PENDING';
}

const isOpenEnded = ({ captures, voided, rejected }: PaymentRecord): boolean =>
  captures.length === 0 && !voided && rejected === undefined;

const isToEnd = (payment: PaymentRecord): boolean => payment.voidWanted || payment.unwanted || isRefused(payment);

/** Nobody has asked the provider yet, or nobody knows what it said. */
export const owesOpening = (payment: PaymentRecord): boolean =>
  isOpenEnded(payment) && payment.reference === undefined && (payment.opening || !isToEnd(payment));

/** The customer has agreed. What was begun is brought to its end even when the payment is to end meanwhile. */
export const owesCapture = (payment: PaymentRecord): boolean =>
  isOpenEnded(payment) && payment.approved && (payment.capturing || !isToEnd(payment));

export const owesVoid = (payment: PaymentRecord): boolean => isOpenEnded(payment) && isToEnd(payment);

/** Captures that nobody wants and for which no refund was planned. */
export const unwantedCaptures = (payment: PaymentRecord): CaptureRecord[] =>
  payment.unwanted
    ? payment.captures.filter(
        (capture) =>
          leftOf(payment, capture) > 0 && !payment.refunds.some(({ key }) => key === keyOfGivingBack(capture)),
      )
    : [];

export const keyOfGivingBack = ({ id }: CaptureRecord): string => `back-${id}`;

export const owesRefund = ({ refunds }: PaymentRecord): boolean => refunds.some(({ state }) => state === 'requested');

/** Is there something to do at once? */
export const owesSomething = (payment: PaymentRecord): boolean =>
  owesOpening(payment) ||
  owesCapture(payment) ||
  owesVoid(payment) ||
  unwantedCaptures(payment).length > 0 ||
  owesRefund(payment) ||
  payment.lookWanted ||
  payment.told < payment.seq;

/** Can news still come that nobody would tell us of, should its webhook be lost? */
export const isUndecided = (payment: PaymentRecord): boolean => isOpenEnded(payment) && payment.reference !== undefined;

/** Nothing was heard of it for so long that it should be looked up. */
export const isOverdue = (payment: PaymentRecord, now: Date): boolean =>
  isUndecided(payment) && payment.dueAt !== undefined && payment.dueAt <= now;
