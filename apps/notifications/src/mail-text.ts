import { mailData, type MailKind, type OrderMail, type TokenMail } from '@suite/contracts';
import { html, type Html } from '@suite/platform';
import { formatMoney } from './money';

/** A mail as the customer reads it. */
export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** What all mails need to know of the shop. */
export interface Shop {
  name: string;
  /** Without a slash at its end. */
  url: string;
}

type Template<Data> = (data: Data, shop: Shop) => { subject: string; text: string[]; html: Html };

const templates: { [Kind in MailKind]: Template<InstanceType<(typeof mailData)[Kind]>> } = {
  'verify-email': tokenMail({
    subject: 'Please confirm your e-mail address',
    request: 'Please confirm that this address is yours:',
    path: 'verify-email',
    otherwise: 'If you did not register, you need not do anything.',
  }),
  'reset-password': tokenMail({
    subject: 'Set a new password',
    request: 'Somebody, you we hope, asked for a new password for this address:',
    path: 'reset-password',
    otherwise: 'If it was not you, you need not do anything; your password stays as it is.',
  }),
  'order-confirmed': orderConfirmed,
};

/** Everything in `data` is somebody else's text: it is escaped in HTML and cannot leave its line in plain text. */
export function writeMail(kind: MailKind, data: object, shop: Shop): MailText {
  const template = templates[kind] as Template<object>;
  const mail = template(data, shop);
  return {
    subject: line(mail.subject),
    text: [...mail.text, shop.name].join('\n\n') + '\n',
    html: layout(mail.subject, mail.html, shop),
  };
}

function tokenMail(words: { subject: string; request: string; path: string; otherwise: string }): Template<TokenMail> {
  return ({ secret, expiresAt }, shop) => {
    // Behind the #, so that the token reaches neither the logs of web servers nor the pages linked from there.
    const link = `${shop.url}/${words.path}#token=${encodeURIComponent(secret)}`;
    const until = expiresAt ? ` It works once, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.` : '';
    const code = `Or enter this code where you are asked for it: ${secret}`;
    return {
      subject: words.subject,
      text: [words.request, link, code + '.' + until, words.otherwise],
      html: html`<p>${words.request}</p>
        <p><a href="${link}">${words.subject}</a></p>
        <p>Or enter this code where you are asked for it: <code>${secret}</code>.${until}</p>
        <p>${words.otherwise}</p>`,
    };
  };
}

function orderConfirmed({ orderId, number, name, items, total, currency }: OrderMail, shop: Shop) {
  const link = `${shop.url}/orders/${orderId}`;
  const greeting = name ? `Hello ${line(name).slice(0, 100)},` : 'Hello,';
  const lines = items.map((item) => ({
    what: `${item.quantity} × ${line(item.name)}`,
    price: formatMoney(item.lineTotal, currency),
  }));
  const sum = formatMoney(total, currency);
  return {
    subject: `Your order ${number} is confirmed`,
    text: [
      greeting,
      `Thank you. Your order ${number} is confirmed:`,
      lines.map(({ what, price }) => `  ${what}: ${price}`).join('\n'),
      `Total: ${sum}`,
      link,
    ],
    html: html`<p>${greeting}</p>
      <p>Thank you. Your order <b>${number}</b> is confirmed:</p>
      <table style="border-collapse:collapse">
        ${lines.map(
          ({ what, price }) =>
            html`<tr>
              <td style="padding:4px 16px 4px 0">${what}</td>
              <td style="padding:4px 0;text-align:right">${price}</td>
            </tr>`,
        )}
        <tr style="border-top:1px solid #999">
          <td style="padding:4px 16px 4px 0"><b>Total</b></td>
          <td style="padding:4px 0;text-align:right"><b>${sum}</b></td>
        </tr>
      </table>
      <p><a href="${link}">See your order</a></p>`,
  };
}

const layout = (title: string, content: Html, shop: Shop): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
      </head>
      <body style="font:16px/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em">
        ${content}
        <p style="color:#666">${shop.name}</p>
      </body>
    </html>`.text;

/** One line: what would begin a new one (or a new header) becomes a space; so do other control characters. */
// eslint-disable-next-line no-control-regex
const line = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
