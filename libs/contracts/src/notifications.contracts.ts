import { job, message, Nothing } from './contract';
import { DeadMail, DeadMailPage, DeadMailQuery, ReplayedMail, ReplayedMails, ReplayMails } from './dead-mail';
import { DiscardDeadLetter } from './dead-letter';
import { IsId, IsMail, IsOneOf, IsRecord, IsText } from './fields';
import { MissedEvents, MissedEventsAnswer } from './live';
import { MailPage, OrderMails } from './mail';
import { ChangeMailPreferences, mailKindNames, MailPreferences, type MailKind } from './mail-kinds';
import { ById, PageQuery } from './reading';

/** One mail to one person. */
export class SendMail {
  /** A mail with the same key is sent once, whatever is repeated: `<orderId>.<seq>`, or an id of its own. */
  @IsText(1, 200)
  key: string;

  @IsOneOf(mailKindNames)
  kind: MailKind;

  @IsMail()
  to: string;

  @IsId({ optional: true, description: 'Whose mail it is: it can be shown to them, and forgotten with them' })
  userId?: string;

  /** As `mailKinds[kind]` says. Empty when notifications holds the mail already and only has to be woken. */
  @IsRecord()
  data: object;
}

export const notifications = {
  /** The caller's own of the last seven days; an admin's are everybody's. */
  missed: message('notifications.missed', MissedEvents, MissedEventsAnswer, { idempotent: true }),
  /** The caller's own, newest first, as long as they are kept. */
  mails: message('notifications.mails', PageQuery, MailPage, { idempotent: true }),
  /** The caller's own; so is the next. */
  mailPreferences: message('notifications.mailPreferences', Nothing, MailPreferences, { idempotent: true }),
  /** Also of mails that wait to be sent. */
  setMailPreferences: message('notifications.setMailPreferences', ChangeMailPreferences, MailPreferences, {
    idempotent: true,
  }),

  /** For admins: the mails that tell of one order, oldest first, as long as they are kept. */
  mailsOfOrder: message('notifications.mailsOfOrder', ById, OrderMails, { idempotent: true }),

  /** For admins, as all of these: mails that were given up, newest first. */
  deadMails: message('notifications.deadMails', DeadMailQuery, DeadMailPage, { idempotent: true }),
  /** DEAD_LETTER_NOT_FOUND, as all that name one. */
  deadMail: message('notifications.deadMail', ById, DeadMail, { idempotent: true }),
  /** It is on its way again. ALREADY_REPLAYED, INVALID_TRANSITION. Safe to repeat with an idempotency key. */
  replayDeadMail: message('notifications.replayDeadMail', ById, ReplayedMail),
  /** What it replayed is open no more, so that a repetition goes on with the next ones. */
  replayDeadMails: message('notifications.replayDeadMails', ReplayMails, ReplayedMails),
  /** ALREADY_REPLAYED, INVALID_TRANSITION. */
  discardDeadMail: message('notifications.discardDeadMail', DiscardDeadLetter, DeadMail),

  /** Attempts enough for a mail server that is away for some hours. */
  sendMail: job('mails', 'send', SendMail, {
    key: ({ key }) => `mail-${key}`,
    attempts: 20,
    backoffMs: 1_000,
    maxBackoffMs: 900_000,
  }),
};
