import { html, type Html } from '@suite/platform';
import type { MailSummaryView, MailView } from './mail';
import { page } from './page';

export const mailTabs = ['html', 'text', 'source'] as const;
export type MailTab = (typeof mailTabs)[number];

/** The mail's own HTML may be styled and may open links in a new tab. It runs nothing, loads nothing, sends nothing. */
export const MAIL_POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

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
