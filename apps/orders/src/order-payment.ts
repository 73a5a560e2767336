import type { OnlineMethod, OpenPayment, PaymentOfOrder } from '@suite/contracts';
import type { Changes } from './moves.service';
import type { OrderRecord } from './order.schema';

/** An unpaid order is looked after so often, in ms: what payments tell may have been lost. */
export const UNPAID_CHECK_MS = 15_000;

/** What costs nothing is not paid for. */
export const isPaidOnline = ({ payment, total }: OrderRecord): boolean =>
  payment.method !== 'CASH_ON_DELIVERY' && total > 0;

/** How the payment of an order is named. */
export const paymentOf = ({ _id, userId, epoch }: OrderRecord): PaymentOfOrder => ({
  orderId: String(_id),
  userId: String(userId),
  epoch,
});

/** What is wanted of the provider. @param expiresAt until when it can be paid, if it is not open already */
export const openPaymentOf = (order: OrderRecord, expiresAt: Date): OpenPayment => ({
  ...paymentOf(order),
  number: order.number,
  method: order.payment.method as OnlineMethod,
  flow: order.payment.flow,
  amount: order.total,
  currency: order.currency,
  lines: order.items.map(({ name, quantity, price }) => ({ name, quantity, price })),
  expiresAt: expiresAt.toISOString(),
});

/** What is true of an order that waits for its payment. */
export const awaited = (expiresAt: Date): Changes => ({
  payment: { status: 'PENDING', expiresAt },
  checkAt: nextUnpaidCheck(expiresAt, new Date()),
});

/** At the latest when its time is over, and soon again after that. */
export const nextUnpaidCheck = (expiresAt: Date, now: Date): Date =>
  new Date(
    expiresAt > now
      ? Math.min(expiresAt.getTime(), now.getTime() + UNPAID_CHECK_MS)
      : now.getTime() + UNPAID_CHECK_MS / 5,
  );
