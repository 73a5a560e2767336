import type { PaymentRecord } from './payment.schema';
import { capturedOf, refundedOf } from './payment.states';
import type { BookedPayment } from './provider';
import type { Sighting } from './sighting';

/** What one payment looks like in one of the two ledgers; minor units. */
export interface LedgerLine {
  captured: number;
  refunded: number;
}

const sum = (amounts: { amount: number }[] = []): number => amounts.reduce((total, { amount }) => total + amount, 0);

export const ourLine = (payment: PaymentRecord): LedgerLine => ({
  captured: capturedOf(payment),
  refunded: refundedOf(payment),
});

export const theirLine = ({ captures, refunds }: Sighting): LedgerLine => ({
  captured: sum(captures),
  refunded: sum(refunds),
});

/** How the two ledgers differ about a payment, and what is wrong although they agree; in words for people. */
export function differences(payment: PaymentRecord, theirs: LedgerLine): string[] {
  const ours = ourLine(payment);
  const about = `order ${payment.number} (${String(payment._id)}, ${payment.method} ${payment.reference ?? 'unopened'})`;
  const found: string[] = [];
  if (ours.captured !== theirs.captured)
    found.push(`${about}: captured ${ours.captured} here, ${theirs.captured} there`);
  if (ours.refunded !== theirs.refunded)
    found.push(`${about}: refunded ${ours.refunded} here, ${theirs.refunded} there`);
  if (payment.captures.length > 1) found.push(`${about}: captured ${payment.captures.length} times`);
  if (payment.state === 'MISMATCHED') found.push(`${about}: ${ours.captured} came in instead of ${payment.amount}`);
  if (payment.unwanted && ours.captured > ours.refunded) {
    found.push(`${about}: does not stand, and ${ours.captured - ours.refunded} has not gone back`);
  }
  return found;
}

/** Money of which nothing is known here. */
export const orphan = (
  method: string,
  { captureId, orderId = 'no order', captured, currency }: BookedPayment,
): string =>
  `${method} ${captureId} (${orderId}): ${captured} ${currency} came in there, and nothing of it is known here`;
