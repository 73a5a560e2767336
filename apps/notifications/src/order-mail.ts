import {
  ERASED,
  orders,
  type HistoryKind,
  type MailKind,
  type OrderChanged,
  type OrderMail,
  type OrderStatus,
  type SendMail,
} from '@suite/contracts';

/** Which step is worth which mail. That an order was placed needs none: the mail follows when it is confirmed. */
const ofStatus: Partial<Record<OrderStatus, MailKind>> = {
  CONFIRMED: 'order-confirmed',
  FAILED: 'order-failed',
  SHIPPED: 'order-shipped',
  DELIVERED: 'order-delivered',
  CANCELLED: 'order-cancelled',
  REFUNDED: 'order-refunded',
};
/** What happened without a step. */
const ofKind: Partial<Record<HistoryKind, MailKind>> = { shipment: 'order-shipped', refund: 'order-refunded' };

/** The fact's key is the mail's, so that a fact told twice is one mail. */
export function mailAbout(change: OrderChanged): SendMail | undefined {
  const kind = change.kind === 'status' ? ofStatus[change.status] : ofKind[change.kind];
  // Its customer was erased while it was on its way.
  if (!kind || change.email === ERASED.email) return undefined;
  const { email: to, userId } = change;
  return { key: orders.changed.key(change), kind, to, userId, data: mailDataOf(change) };
}

const mailDataOf = (change: OrderChanged): OrderMail => ({
  orderId: change.orderId,
  number: change.number,
  name: change.name,
  items: change.items,
  total: change.total,
  currency: change.currency,
  kind: change.kind,
  status: change.status,
  reason: change.reason,
  failure: change.failure,
  shipment: change.shipment,
  refund: change.refund,
});
