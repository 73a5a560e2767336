import type { FailureCode, Order, OrderStatus, PaymentMethod, Shipment } from '@suite/contracts';
import { formatMoney } from './money';

/** What is said of an order, in plain sentences: what it is, then what was asked. */

const stands: Record<OrderStatus, string> = {
  PENDING: 'is being processed; that is usually a matter of seconds',
  AWAITING_PAYMENT: 'waits for its payment; the goods are held for you meanwhile',
  CONFIRMED: 'is confirmed, and has not been shipped yet',
  SHIPPED: 'has been shipped',
  DELIVERED: 'has been delivered',
  FAILED: 'could not be carried out',
  CANCELLED: 'has been cancelled',
  REFUNDED: 'has been refunded',
};

const failures: Record<FailureCode, string> = {
  INSUFFICIENT_STOCK: 'there was not enough in stock when it was its turn',
  PAYMENT_DECLINED: 'the payment was declined',
  PAYMENT_EXPIRED: 'it was not paid in time',
  PROCESSING_FAILED: 'something went wrong on our side; we have been told of it',
};

const methods: Record<PaymentMethod, string> = {
  STRIPE: 'by card',
  PAYPAL: 'by PayPal',
  CASH_ON_DELIVERY: 'in cash, when it is delivered',
};

const cancellable: readonly OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED'];
const MAX_ITEMS = 5;

const day = (time: string): string =>
  new Date(time).toLocaleDateString('en-US', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `2 × Sencha, first flush, 100 g, 1 × Kettle and 3 more` */
export function itemsOf({ items }: Order): string {
  const shown = items.slice(0, MAX_ITEMS).map(({ quantity, name }) => `${quantity} × ${name}`);
  const rest = items.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

export const totalOf = ({ total, currency }: Order): string => formatMoney(total, currency);

/** When an order last came to its status. */
const since = ({ history, status }: Order): string | undefined =>
  history.findLast((entry) => entry.kind === 'status' && entry.status === status)?.at;

export function statusOf(order: Order): string {
  const at = since(order);
  const when = at && order.status !== 'PENDING' ? ` (since ${day(at)})` : '';
  const why = order.failure ? `: ${failures[order.failure.code]}` : '';
  const place = order.queue ? ` It is about number ${order.queue.position} in line.` : '';
  return `Your order ${order.number} of ${day(order.createdAt)} ${stands[order.status]}${why}${when}.${place}`;
}

export const contentOf = (order: Order): string => `It is ${itemsOf(order)}, ${totalOf(order)} in all.`;

/** Can it still be cancelled? */
export function cancellationOf(order: Order): string {
  if (cancellable.includes(order.status)) {
    return 'You can still cancel it: open it among your orders and cancel it there. I cannot do it for you.';
  }
  if (order.status === 'SHIPPED' || order.status === 'DELIVERED') {
    return 'It cannot be cancelled any more. You can ask for a return instead.';
  }
  return 'There is nothing left to cancel.';
}

/** When does it come? */
export function deliveryOf(order: Order): string {
  switch (order.status) {
    case 'SHIPPED':
      return [...order.shipments.map(shipmentOf), 'I do not know the day on which it arrives.'].join(' ');
    case 'CONFIRMED':
      return 'We write to you when it is shipped. I do not know the day yet.';
    case 'PENDING':
    case 'AWAITING_PAYMENT':
      return 'It can be shipped once it is confirmed.';
    case 'DELIVERED':
    case 'FAILED':
    case 'CANCELLED':
    case 'REFUNDED':
      return '';
  }
}

function shipmentOf({ carrier, trackingNumber, at }: Shipment): string {
  const by = carrier === undefined ? '' : ` with ${carrier}`;
  return `Sent on ${day(at)}${by}${trackingNumber === undefined ? '' : `, tracking number ${trackingNumber}`}.`;
}

/** How is it paid, and was it? */
export function paymentOf(order: Order): string {
  const { method, status, refunded } = order.payment;
  const how = `${totalOf(order)} ${methods[method]}`;
  const ended = order.status === 'FAILED' || order.status === 'CANCELLED';
  const back = refunded > 0 ? ` ${formatMoney(refunded, order.currency)} of it is paid back to you.` : '';
  // What is paid at the door is not paid before.
  if (method === 'CASH_ON_DELIVERY') return ended ? 'Nothing is charged for it.' : `You pay ${how}.${back}`;
  if (status === 'FAILED') return `The payment of ${how} was declined.`;
  if (status === 'EXPIRED') return `The payment of ${how} was not made in time; nothing was charged.`;
  if (status === 'PAID' || back) return `You have paid ${how}.${back}`;
  return ended ? 'Nothing is charged for it.' : `You pay ${how}.`;
}

/** One line of a list. */
export const lineOf = (order: Order): string =>
  `${order.number} of ${day(order.createdAt)}: ${itemsOf(order)}, ${totalOf(order)}; it ${stands[order.status]}`;
