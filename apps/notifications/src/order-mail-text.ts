import type { LineUnits, OrderItem, OrderMail } from '@suite/contracts';
import { html, type Html } from '@suite/platform';
import type { Template } from './mail-text';
import { formatMoney } from './money';
import { oneLine } from './one-line';

interface Row {
  what: string;
  price?: string;
}

/** What one mail about an order says. */
interface News {
  subject: string;
  lead: string;
  /** What it is about, one row each, and the sum of it. */
  rows?: Row[];
  sum?: string;
  /** Paragraphs that follow; those that have nothing to say are left out. */
  more?: (string | undefined)[];
}

const confirmed = ({ number, items, total, currency }: OrderMail): News => ({
  subject: `Your order ${number} is confirmed`,
  lead: `Thank you. Your order ${number} is confirmed:`,
  rows: items.map((item) => ({ what: rowOf(item, item.quantity), price: formatMoney(item.lineTotal, currency) })),
  sum: formatMoney(total, currency),
});

const failed = ({ number, failure }: OrderMail): News => ({
  subject: `Your order ${number} could not be completed`,
  lead: `We are sorry: your order ${number} could not be completed.`,
  more: [failure && `${failure.message}.`, 'You do not have to pay anything for it.'],
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
    more: [
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
  more: [because(reason), 'What you have paid for it, if anything, goes back to you.'],
});

const refunded = ({ number, status, items, refund, reason, currency }: OrderMail): News => {
  const amount = formatMoney(refund?.amount ?? 0, currency);
  const whole = status === 'REFUNDED' ? 'With this, all of it is refunded.' : undefined;
  return {
    subject: `A refund for your order ${number}: ${amount}`,
    lead: `We have refunded ${amount} of your order ${number}${refund?.lines.length ? ', for:' : '.'}`,
    rows: rowsOf(items, refund?.lines ?? []),
    more: [whole, because(reason)],
  };
};

const because = (reason?: string): string | undefined => reason && `Reason: ${reason}`;

const rowOf = ({ name }: OrderItem, quantity: number): string => `${quantity} × ${oneLine(name)}`;

const rowsOf = (items: OrderItem[], units: LineUnits[]): Row[] =>
  items.flatMap((item) =>
    units.filter(({ stockId }) => stockId === item.stockId).map(({ quantity }) => ({ what: rowOf(item, quantity) })),
  );

const letter =
  (newsOf: (mail: OrderMail) => News): Template<OrderMail> =>
  (mail, shop) => {
    const { subject, rows = [], sum, ...news } = newsOf(mail);
    const lead = oneLine(news.lead);
    const link = `${shop.url}/orders/${mail.orderId}`;
    const greeting = mail.name ? `Hello ${oneLine(mail.name).slice(0, 100)},` : 'Hello,';
    const paragraphs = (news.more ?? []).flatMap((paragraph) => (paragraph ? [oneLine(paragraph)] : []));
    return {
      subject,
      text: [
        greeting,
        lead,
        ...(rows.length > 0 ? [rows.map(listed).join('\n')] : []),
        ...(sum ? [`Total: ${sum}`] : []),
        ...paragraphs,
        link,
      ],
      html: html`<p>${greeting}</p>
        <p>${lead}</p>
        ${rows.length > 0 ? table(rows, sum) : ''} ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
        <p><a href="${link}">See your order</a></p>`,
    };
  };

const listed = ({ what, price }: Row): string => (price ? `  ${what}: ${price}` : `  ${what}`);

const table = (rows: Row[], sum?: string): Html =>
  html`<table style="border-collapse:collapse">
    ${rows.map(
      ({ what, price = '' }) =>
        html`<tr>
          <td style="padding:4px 16px 4px 0">${what}</td>
          <td style="padding:4px 0;text-align:right">${price}</td>
        </tr>`,
    )}
    ${
      sum === undefined
        ? ''
        : html`<tr style="border-top:1px solid #999">
            <td style="padding:4px 16px 4px 0"><b>Total</b></td>
            <td style="padding:4px 0;text-align:right"><b>${sum}</b></td>
          </tr>`
    }
  </table>`;

export const orderTemplates = {
  'order-confirmed': letter(confirmed),
  'order-failed': letter(failed),
  'order-shipped': letter(shipped),
  'order-delivered': letter(delivered),
  'order-cancelled': letter(cancelled),
  'order-refunded': letter(refunded),
};
