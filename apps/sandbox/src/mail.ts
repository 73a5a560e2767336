import PostalMime from 'postal-mime';

/** A mail as it came in. `from` and `to` are the envelope's: where it was really sent, whatever its headers say. */
export interface Mail {
  id: string;
  receivedAt: Date;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  /** The message itself, headers and body, byte by byte. */
  source: Buffer;
}

/** A mail in a list. */
export type MailSummaryView = Omit<Mail, 'source' | 'receivedAt'> & { receivedAt: string; bytes: number };

/** A mail with all that is in it. */
export interface MailView extends MailSummaryView {
  headers: { name: string; value: string }[];
  text: string;
  html: string;
  attachments: { filename: string; type: string; bytes: number }[];
}

/** Takes from a message what lists and searches need. */
export async function readMail(received: Omit<Mail, 'subject' | 'messageId'>): Promise<Mail> {
  const { subject, messageId } = await PostalMime.parse(received.source);
  return { ...received, subject: subject ?? '', messageId: messageId ?? '' };
}

export function summaryOf({ id, receivedAt, from, to, subject, messageId, source }: Mail): MailSummaryView {
  return { id, receivedAt: receivedAt.toISOString(), from, to, subject, messageId, bytes: source.length };
}

export async function viewOf(mail: Mail): Promise<MailView> {
  const { headers, text, html, attachments } = await PostalMime.parse(mail.source);
  return {
    ...summaryOf(mail),
    headers: headers.map(({ key, value }) => ({ name: key, value })),
    text: text ?? '',
    html: html ?? '',
    attachments: attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? '',
      type: mimeType,
      bytes: typeof content === 'string' ? content.length : content.byteLength,
    })),
  };
}
