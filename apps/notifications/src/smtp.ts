import type { NotificationsConfig } from './notifications.config';

/** "You said things in the wrong order": the session is at fault, not the mail. */
const BAD_SEQUENCE = 503;

type Access = Pick<NotificationsConfig, 'SMTP_URL' | 'EMAIL_USER' | 'EMAIL_PASS' | 'EMAIL_SERVICE'>;

/** nodemailer's options: whom to reach, and how long a mail server that hangs can hold a connection. */
export function smtpOptions(settings: Access & Pick<NotificationsConfig, 'MAIL_CONCURRENCY' | 'MAIL_TIMEOUT_MS'>) {
  const { SMTP_URL, EMAIL_USER, EMAIL_PASS, EMAIL_SERVICE, MAIL_CONCURRENCY, MAIL_TIMEOUT_MS } = settings;
  const account = EMAIL_USER && EMAIL_PASS;
  return {
    ...(account ? { service: EMAIL_SERVICE, auth: { user: EMAIL_USER, pass: EMAIL_PASS } } : { url: SMTP_URL }),
    pool: true as const,
    maxConnections: MAIL_CONCURRENCY,
    // A connection that broke may have delivered its mail. Sending again is decided where that is known, not here.
    maxRequeues: 0,
    dnsTimeout: MAIL_TIMEOUT_MS / 2,
    connectionTimeout: MAIL_TIMEOUT_MS / 2,
    greetingTimeout: MAIL_TIMEOUT_MS / 2,
    // Not what ends a conversation that hangs: `within` does, and it reads what has arrived before it gives up.
    socketTimeout: 3 * MAIL_TIMEOUT_MS + 60_000,
    // What a template says can never be read from this machine's disk or fetched from its network.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

export const senderOf = ({ MAIL_FROM, EMAIL_USER, AWS_SES_SENDER_EMAIL, SHOP_NAME }: NotificationsConfig) =>
  MAIL_FROM || { name: SHOP_NAME, address: AWS_SES_SENDER_EMAIL ?? EMAIL_USER ?? 'no-reply@example.com' };

/**
 * The same for the same mail, whoever sends it and however often: between a mail server's "accepted" and our note of it
 * a process can die, and then the mail is sent again. Mail programs show two with one Message-ID once.
 */
export const messageIdOf = (key: string, host: string): string =>
  `<${Array.from(key, (character) => (/[\w-]/.test(character) ? character : hex(character))).join('')}@${host}>`;

const hex = (character: string): string => `=${character.codePointAt(0)!.toString(16)}`;

/**
 * Will the mail server never take this mail? A 5xx answer to the recipient or to the message itself. What it says to our
 * greeting, our password or our sender is about us, and somebody can mend it.
 */
export function isRefusal(error: unknown): boolean {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && responseCode !== BAD_SEQUENCE && ['RCPT TO', 'DATA'].includes(command);
}

/** In a word that may be shown to anybody: a mail server's own words name customers. */
export function faultOf(error: unknown): string {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  return responseCode ? `the mail server answered ${responseCode}` : `the mail server cannot be reached (${code})`;
}

/**
 * Runs `talk` with a signal that aborts after `ms`. A process that was frozen finds the mail server's last answer and the
 * end of its own patience in the same turn of the event loop. The answer is read first, or an accepted mail would be sent
 * again; more than that one turn is not given, or the conversation would go on.
 */
export async function within<T>(ms: number, talk: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const over = new Error(`The mail server took longer than ${ms} ms`);
  const timer = setTimeout(() => setImmediate(() => patience.abort(over)), ms);
  try {
    return await talk(patience.signal);
  } catch (error) {
    throw patience.signal.aborted ? over : error;
  } finally {
    clearTimeout(timer);
  }
}
