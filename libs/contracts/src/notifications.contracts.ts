import { PickType } from '@nestjs/swagger';
import { job, message } from './contract';
import { IsId, IsMail, IsOneOf, IsRecord, IsText, IsTime } from './fields';
import { MissedEvents, MissedEventsAnswer } from './live';
import { StockLow } from './low-stock';
import { MailPage } from './mail';
import { OrderChanged } from './orders.contracts';
import { PageQuery } from './reading';

/** A one-time token on its way to the owner of an address. The address is not proven yet, so nobody's words go with it. */
export class TokenMail {
  /** Hidden on every board and in every log, and forgotten once the mail is sent. */
  @IsText(1, 200)
  secret: string;

  @IsTime({ optional: true, description: 'Until when the token works' })
  expiresAt?: string;
}

export class OrderMail extends PickType(OrderChanged, [
  'orderId',
  'number',
  'name',
  'items',
  'total',
  'currency',
  'kind',
  'status',
  'reason',
  'failure',
  'shipment',
  'refund',
]) {}

export class LowStockMail extends PickType(StockLow, ['productId', 'sku', 'name', 'available', 'threshold']) {}

/** The kinds of mail and what each needs as `data`. */
export const mailData = {
  'verify-email': TokenMail,
  'reset-password': TokenMail,
  'order-confirmed': OrderMail,
  'order-failed': OrderMail,
  'order-shipped': OrderMail,
  'order-delivered': OrderMail,
  'order-cancelled': OrderMail,
  'order-refunded': OrderMail,
  'stock-low': LowStockMail,
} as const;

export type MailKind = keyof typeof mailData;
export const mailKinds = Object.keys(mailData) as MailKind[];

/** One mail to one person. */
export class SendMail {
  /** A mail with the same key is sent once, whatever is repeated: `<orderId>.<seq>`, or an id of its own. */
  @IsText(1, 200)
  key: string;

  @IsOneOf(mailKinds)
  kind: MailKind;

  @IsMail()
  to: string;

  @IsId({ optional: true, description: 'Whose mail it is: it can be shown to them, and forgotten with them' })
  userId?: string;

  /** As `mailData[kind]` says. Empty when notifications holds the mail already and only has to be woken. */
  @IsRecord()
  data: object;
}

export const notifications = {
  /** The caller's own of the last seven days; an admin's are everybody's. */
  missed: message('notifications.missed', MissedEvents, MissedEventsAnswer, { idempotent: true }),
  /** The caller's own, newest first, as long as they are kept. */
  mails: message('notifications.mails', PageQuery, MailPage, { idempotent: true }),

  /** Attempts enough for a mail server that is away for some hours. */
  sendMail: job('mails', 'send', SendMail, {
    key: ({ key }) => `mail-${key}`,
    attempts: 20,
    backoffMs: 1_000,
    maxBackoffMs: 900_000,
  }),
};
