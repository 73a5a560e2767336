import { mailData, type MailKind, type TokenMail } from '@suite/contracts';
import { html, type Html } from '@suite/platform';
import { oneLine } from './one-line';
import { orderTemplates } from './order-mail-text';
import { stockTemplates } from './stock-mail-text';

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

export type Template<Data> = (data: Data, shop: Shop) => { subject: string; text: string[]; html: Html };

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
  ...orderTemplates,
  ...stockTemplates,
};

/** Everything in `data` is somebody else's text: it is escaped in HTML and cannot leave its line in plain text. */
export function writeMail(kind: MailKind, data: object, shop: Shop): MailText {
  const template = templates[kind] as Template<object>;
  const mail = template(data, shop);
  return {
    subject: oneLine(mail.subject),
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
