import { createHash } from 'node:crypto';
import { Html, html } from '@suite/platform';
import type { MailSummaryView, MailView } from './mail';

export const mailTabs = ['html', 'text', 'source'] as const;
export type MailTab = (typeof mailTabs)[number];

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  header { display: flex; align-items: baseline; gap: 1rem; }
  header form { margin-left: auto; }
  table { width: 100%; border-collapse: collapse; }
  th, td { text-align: left; padding: .5rem .75rem; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); overflow-wrap: anywhere; }
  time { white-space: nowrap; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
  dt { opacity: .6; }
  dd { margin: 0; overflow-wrap: anywhere; }
  nav { display: flex; gap: 1rem; margin: 1rem 0; }
  nav [aria-current] { font-weight: 600; text-decoration: none; }
  iframe { width: 100%; height: 70vh; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; background: #fff; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .note { opacity: .6; }
`;

/** No scripts, no foreign content: a mail is somebody else's text, and so is its subject. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The mail's own HTML may be styled and may open links in a new tab. It runs nothing, loads nothing, sends nothing. */
export const MAIL_POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

function page(title: string, content: Html, head?: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${new Html(`<style>${STYLE}</style>`)} ${head}
      </head>
      <body>
        ${content}
      </body>
    </html>`.text;
}

export function inboxPage(mails: MailSummaryView[]): string {
  const rows = mails.map(
    (mail) =>
      html`<tr>
        <td><time datetime="${mail.receivedAt}">${mail.receivedAt.slice(0, 19).replace('T', ' ')}</time></td>
        <td>${mail.to.join(', ')}</td>
        <td><a href="/mails/${mail.id}">${mail.subject || '(no subject)'}</a></td>
      </tr>`,
  );
  const list = html`<table>
    <thead>
      <tr>
        <th>Received (UTC)</th>
        <th>To</th>
        <th>Subject</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  return page(
    `Inbox (${mails.length})`,
    html`<header>
        <h1>Inbox</h1>
        <span class="note"
          >${mails.length === 1 ? '1 mail' : `${mails.length} mails`}, kept in memory until this process ends</span
        >
        <form method="post" action="/clear"><button>Empty it</button></form>
      </header>
      ${mails.length > 0 ? list : html`<p>Nothing has come in yet. Every mail the shop sends appears here.</p>`}`,
    html`<meta http-equiv="refresh" content="5" />`,
  );
}

export function mailPage(mail: MailView, source: string, tab: MailTab): string {
  const tabs = mailTabs.map(
    (name) => html`<a href="?tab=${name}" ${name === tab && html`aria-current="page"`}>${name}</a>`,
  );
  const files = mail.attachments.map(({ filename, type, bytes }) => `${filename || 'unnamed'} (${type}, ${bytes} B)`);
  return page(
    mail.subject,
    html`<p><a href="/">← Inbox</a></p>
      <h1>${mail.subject || '(no subject)'}</h1>
      <dl>
        <dt>From</dt>
        <dd>${mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to.join(', ')}</dd>
        <dt>Received</dt>
        <dd>${mail.receivedAt}</dd>
        <dt>Message-ID</dt>
        <dd>${mail.messageId}</dd>
        ${
          files.length > 0 &&
          html`<dt>Attachments</dt>
            <dd>${files.join(', ')}</dd>`
        }
      </dl>
      <nav>${tabs}</nav>
      ${contentOf(mail, source, tab)}`,
  );
}

function contentOf(mail: MailView, source: string, tab: MailTab): Html {
  switch (tab) {
    case 'html':
      return html`<iframe
        title="The mail"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src="/mails/${mail.id}/html"
      ></iframe>`;
    case 'text':
      return html`<pre>${mail.text}</pre>`;
    case 'source':
      return html`<pre>${source}</pre>`;
  }
}

/** The mail's HTML as it came; links in it open in a new tab, since the frame may go nowhere. */
export const mailBody = (mail: MailView): string => `<!doctype html><base target="_blank">${mail.html}`;
