import type { Type } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { ChangesOf, IsFlag, IsText, IsTime } from './fields';
import { StockLow } from './low-stock';
import { OrderChanged } from './orders.contracts';

/** A one-time token on its way to the owner of an address. The address is not proven yet, so nobody's words go with it. */
export class TokenMail {
  /** Hidden on every board and in every log, and forgotten once the mail is sent. */
  @IsText(1, 200)
  secret: string;

  @IsTime({ optional: true, description: 'Until when the token works' })
  expiresAt?: string;
}

/** To an address that is proven now. */
export class WelcomeMail {
  @IsText(0, 200)
  name: string;
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

/**
 * The kinds of mail: what each needs as `data`, and whether people may do without it. What is about their money or the
 * safety of their account, everybody gets.
 */
export const mailKinds = {
  'verify-email': { data: TokenMail, optional: false },
  'reset-password': { data: TokenMail, optional: false },
  welcome: { data: WelcomeMail, optional: true },
  'order-received': { data: OrderMail, optional: true },
  'order-awaiting-payment': { data: OrderMail, optional: false },
  'order-payment-declined': { data: OrderMail, optional: false },
  'order-confirmed': { data: OrderMail, optional: true },
  'order-failed': { data: OrderMail, optional: false },
  'order-shipped': { data: OrderMail, optional: true },
  'order-delivered': { data: OrderMail, optional: true },
  'order-cancelled': { data: OrderMail, optional: false },
  'order-refunded': { data: OrderMail, optional: false },
  'stock-low': { data: LowStockMail, optional: true },
} as const satisfies Record<string, { data: Type; optional: boolean }>;

export type MailKind = keyof typeof mailKinds;
export type MailData<Kind extends MailKind> = InstanceType<(typeof mailKinds)[Kind]['data']>;
export type OptionalMailKind = {
  [Kind in MailKind]: (typeof mailKinds)[Kind]['optional'] extends true ? Kind : never;
}[MailKind];

export const isOptionalMail = (kind: MailKind): kind is OptionalMailKind => mailKinds[kind].optional;
export const mailKindNames = Object.keys(mailKinds) as MailKind[];
export const optionalMailKinds = mailKindNames.filter(isOptionalMail);

/** Which mails somebody gets. All of them, unless they say otherwise; of those that everybody gets nothing is said. */
export class MailPreferences implements Record<OptionalMailKind, boolean> {
  @IsFlag({ description: 'A word of welcome, once the e-mail address is confirmed' })
  welcome: boolean;

  @IsFlag({ description: 'That an order was received, where it is not confirmed at once' })
  'order-received': boolean;

  @IsFlag({ description: 'That an order is confirmed' })
  'order-confirmed': boolean;

  @IsFlag({ description: 'That something is on its way' })
  'order-shipped': boolean;

  @IsFlag({ description: 'That an order was delivered' })
  'order-delivered': boolean;

  @IsFlag({ description: 'That a stock is low; only admins hear of it' })
  'stock-low': boolean;
}

/** What is not named stays as it is. */
export class ChangeMailPreferences extends ChangesOf(MailPreferences) {}
