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

/** Which step is worth which mail, */
const ofStatus: Record<OrderStatus, MailKind> = {
  PENDING: 'order-received',
  AWAITING_PAYMENT: 'order-awaiting-payment',
  CONFIRMED: 'order-confirmed',
  FAILED: 'order-failed',
  SHIPPED: 'order-shipped',
  DELIVERED: 'order-delivered',
  CANCELLED: 'order-cancelled',
  REFUNDED: 'order-refunded',
};
/** and what happened without a step. */
const ofKind: Record<Exclude<HistoryKind, 'status'>, MailKind> = {
  payment: 'order-payment-declined',
  shipment: 'order-shipped',
  refund: 'order-refunded',
};

/** What an order waits for is news only while it still waits: most are confirmed, and paid, the next moment. */
const WAITING: readonly MailKind[] = ['order-received', 'order-awaiting-payment'];
export const isAboutWaiting = ({ kind }: SendMail): boolean => WAITING.includes(kind);

/** The fact's key is the mail's, so that a fact told twice is one mail. */
export function mailAbout(change: OrderChanged): SendMail | undefined {
  const { email: to, userId } = change;
  // One that an admin replays was received long ago; and its customer may have been erased while it was on its way.
  const again = change.status === 'PENDING' && change.seq > 1;
  // Only who can try again is told of a decline: not of the one that ended the order, nor of a dispute.
  const tooLate = change.kind === 'payment' && change.status !== 'AWAITING_PAYMENT';
  if (again || tooLate || to === ERASED.email) return undefined;
  const kind = change.kind === 'status' ? ofStatus[change.status] : ofKind[change.kind];
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
