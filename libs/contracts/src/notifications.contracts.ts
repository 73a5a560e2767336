import { job } from './contract';
import { IsMail, IsOneOf, IsRecord, IsText } from './fields';

export const mailKinds = ['verify-email', 'reset-password', 'order-confirmed'] as const;
export type MailKind = (typeof mailKinds)[number];

/** One mail to one person. */
export class SendMail {
  /** A mail with the same key is sent once, whatever is repeated: `<orderId>.<seq>`, or an id of its own. */
  @IsText(1, 200)
  key: string;

  @IsOneOf(mailKinds)
  kind: MailKind;

  @IsMail()
  to: string;

  /** What the template needs. A one-time token goes here as `secret`, which is hidden on every board and in every log. */
  @IsRecord()
  data: Record<string, unknown>;
}

export const notifications = {
  /** Attempts enough for a mail server that is away for some hours. */
  sendMail: job('mails', 'send', SendMail, {
    key: ({ key }) => `mail-${key}`,
    attempts: 20,
    backoffMs: 1_000,
    maxBackoffMs: 900_000,
  }),
};
