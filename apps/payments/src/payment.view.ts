import type { Payment, PaymentAccess, Refund } from '@suite/contracts';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import { capturedOf, refundedOf, stateOf } from './payment.states';

/** What other services may know of a payment: nothing with which one could pay, nothing of the customer's card. */
export const paymentView = (payment: PaymentRecord): Payment => ({
  orderId: String(payment._id),
  userId: String(payment.userId),
  epoch: payment.epoch,
  seq: payment.seq,
  method: payment.method,
  state: stateOf(payment),
  captured: capturedOf(payment),
  refunded: refundedOf(payment),
  refunds: payment.refunds.map(refundView),
  declines: payment.declines.length,
  disputes: payment.disputes.length,
  reason: reasonOf(payment)?.slice(0, 500),
  reference: payment.reference,
  expiresAt: payment.expiresAt.toISOString(),
});

export const refundView = ({ key, amount, state, reason, reference }: RefundRecord): Refund => ({
  key,
  amount,
  state,
  reason,
  reference,
});

/** For the customer alone. */
export const accessView = ({ clientSecret, paymentUrl, expiresAt }: PaymentRecord): PaymentAccess => ({
  clientSecret,
  paymentUrl,
  expiresAt: expiresAt.toISOString(),
});

const reasonOf = ({ disputes, rejected, refused, declines }: PaymentRecord): string | undefined =>
  disputes.at(-1)?.reason ?? rejected ?? refused ?? declines.at(-1)?.reason;
