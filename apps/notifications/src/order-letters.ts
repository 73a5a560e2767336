import type { LineUnits, OrderItem, OrderMail } from '@suite/contracts';
import { greet, type Letter, type Row, type Writer } from './letter';
import { formatMoney } from './money';

/** What one mail about an order says, between the greeting and the link. */
type News = Omit<Letter, 'greeting' | 'link' | 'code' | 'closing'>;

const received = (mail: OrderMail): News => ({
  subject: `We have received your order ${mail.number}`,
  lead: `Thank you. We have received your order ${mail.number}:`,
  ...ordered(mail),
  paragraphs: ['There is a lot to do just now. We write to you again as soon as it is confirmed.'],
});

const awaitingPayment = (mail: OrderMail): News => ({
  subject: `Your order ${mail.number} waits for your payment`,
  lead: `Everything in your order ${mail.number} is set aside for you. It is confirmed once it is paid:`,
  ...ordered(mail),
  paragraphs: ['If you have paid just now, you need not do anything.'],
});

const declined = ({ number, total, currency, failure }: OrderMail): News => ({
  subject: `The payment of your order ${number} was declined`,
  lead: `The payment of ${formatMoney(total, currency)} for your order ${number} was declined. Nothing was charged.`,
  paragraphs: [failure && `${failure.message}.`, 'You can try it again, also in another way.'],
});

const confirmed = (mail: OrderMail): News => ({
  subject: `Your order ${mail.number} is confirmed`,
  lead: `Thank you. Your order ${mail.number} is confirmed:`,
  ...ordered(mail),
});

const failed = ({ number, failure }: OrderMail): News => ({
  subject: `Your order ${number} could not be completed`,
  lead: `We are sorry: your order ${number} could not be completed.`,
  paragraphs: [failure && `${failure.message}.`, 'You do not have to pay anything for it.'],
});

/** The first shipment moves the order, so that every other one is a further one. */
const shipped = ({ number, kind, items, shipment }: OrderMail): News => {
  const what = kind === 'status' ? 'Your order' : 'More of your order';
  const { carrier, trackingNumber } = shipment ?? {};
  const remains = items.some(({ quantity, shipped, refunded }) => shipped < quantity - refunded);
  return {
    subject: `${what} ${number} is on its way`,
    lead: `${what} ${number} is on its way to you:`,
    rows: rowsOf(items, shipment?.items ?? []),
    paragraphs: [
      carrier && `Carrier: ${carrier}`,
      trackingNumber && `Tracking number: ${trackingNumber}`,
      remains ? 'The rest will follow.' : undefined,
    ],
  };
};

const delivered = ({ number }: OrderMail): News => ({
  subject: `Your order ${number} was delivered`,
  lead: `Your order ${number} was delivered. We hope that you like it.`,
});

const cancelled = ({ number, reason }: OrderMail): News => ({
  subject: `Your order ${number} is cancelled`,
  lead: `Your order ${number} is cancelled.`,
  paragraphs: [because(reason), 'What you have paid for it, if anything, goes back to you.'],
});

const refunded = ({ number, status, items, refund, reason, currency }: OrderMail): News => {
  const amount = formatMoney(refund?.amount ?? 0, currency);
  const whole = status === 'REFUNDED' ? 'With this, all of it is refunded.' : undefined;
  return {
    subject: `A refund for your order ${number}: ${amount}`,
    lead: `We have refunded ${amount} of your order ${number}${refund?.lines.length ? ', for:' : '.'}`,
    rows: rowsOf(items, refund?.lines ?? []),
    paragraphs: [whole, because(reason)],
  };
};

const because = (reason?: string): string | undefined => reason && `Reason: ${reason}`;

const ordered = ({ items, total, currency }: OrderMail): Pick<News, 'rows' | 'sum'> => ({
  rows: items.map((item) => ({ what: whatOf(item, item.quantity), price: formatMoney(item.lineTotal, currency) })),
  sum: formatMoney(total, currency),
});

const whatOf = ({ name }: OrderItem, quantity: number): string => `${quantity} × ${name}`;

const rowsOf = (items: OrderItem[], units: LineUnits[]): Row[] =>
  items.flatMap((item) =>
    units.filter(({ stockId }) => stockId === item.stockId).map(({ quantity }) => ({ what: whatOf(item, quantity) })),
  );

const letter =
  (newsOf: (mail: OrderMail) => News): Writer<OrderMail> =>
  (mail, shop) => ({
    ...newsOf(mail),
    greeting: greet(mail.name),
    link: { url: `${shop.url}/orders/${mail.orderId}`, words: 'See your order' },
  });

export const orderLetters = {
  'order-received': letter(received),
  'order-awaiting-payment': letter(awaitingPayment),
  'order-payment-declined': letter(declined),
  'order-confirmed': letter(confirmed),
  'order-failed': letter(failed),
  'order-shipped': letter(shipped),
  'order-delivered': letter(delivered),
  'order-cancelled': letter(cancelled),
  'order-refunded': letter(refunded),
};
