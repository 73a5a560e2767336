import { IsListOf, IsMail, IsOneOf, IsPart, IsText, IsTime } from './fields';
import { PageMeta } from './reading';

/**
 * pending → sending → sent | unwanted | failed | pending (refused for now, or its sender died). `unwanted`: whoever it was
 * to does without mails of its kind. A failed one is `pending` again when it is replayed.
 */
export const mailStates = ['pending', 'sending', 'sent', 'unwanted', 'failed'] as const;
export type MailState = (typeof mailStates)[number];

/** A mail as the person it went to may see it. */
export class MailSummary {
  @IsText(1, 200)
  id: string;

  @IsText(1, 100, { description: 'What it is about', example: 'order-confirmed' })
  kind: string;

  @IsMail()
  to: string;

  @IsOneOf(mailStates)
  state: MailState;

  @IsTime()
  createdAt: string;

  @IsTime({ optional: true, description: 'When it was sent, or given up' })
  endedAt?: string;
}

export class MailPage {
  @IsListOf(MailSummary, 0, 100)
  items: MailSummary[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

export const MAX_MAILS_OF_ORDER = 100;

export class OrderMails {
  @IsListOf(MailSummary, 0, MAX_MAILS_OF_ORDER)
  items: MailSummary[];
}
