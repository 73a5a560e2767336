import { eventually } from './eventually';

/** The inbox of the sandbox: where mails go instead of out into the world. */
const SANDBOX_URL = process.env.SANDBOX_URL ?? 'http://127.0.0.1:8025';

export interface MailSummary {
  id: string;
  /** By this a mailbox recognises what was delivered twice. */
  messageId: string;
  subject: string;
  to: string[];
}

export interface Mail extends MailSummary {
  text: string;
  html: string;
}

export const mailsTo = (email: string): Promise<MailSummary[]> => read(`/api/mails?to=${encodeURIComponent(email)}`);

/** Every mail that came since the sandbox started, as far as it keeps them. */
export const allMails = (): Promise<MailSummary[]> => read('/api/mails');

/** The newest mail to this address whose text has a match; waits for it. Returns the match. */
export function mailWith(email: string, pattern: RegExp): Promise<{ mail: Mail; match: RegExpExecArray }> {
  return eventually(async () => {
    for (const { id } of await mailsTo(email)) {
      const mail = await read<Mail>(`/api/mails/${id}`);
      const match = pattern.exec(mail.text);
      if (match) return { mail, match };
    }
    throw new Error(`no mail to ${email} with ${String(pattern)}`);
  });
}

/** From now on the mail server refuses mails to addresses with this text in them, for good; without one, none any more. */
export async function refuseMailsTo(text?: string): Promise<void> {
  const switches = text === undefined ? {} : { smtpRefuse: 'permanent', smtpRefuseTo: text };
  const answer = await fetch(`${SANDBOX_URL}/api/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(switches),
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to its switches`);
}

async function read<T>(path: string): Promise<T> {
  const answer = await fetch(SANDBOX_URL + path, { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${path}`);
  return ((await answer.json()) as { data: T }).data;
}
