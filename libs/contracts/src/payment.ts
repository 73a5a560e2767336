import { IsFlag, IsId, IsListOf, IsMinorUnits, IsOneOf, IsText, IsTime, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY } from './limits';
import { paymentFlows, type PaymentFlow } from './order';
import { refundStates, type RefundState } from './order-details';

/** Payment methods with a provider behind them; the others are settled at the door. */
export const onlineMethods = ['STRIPE', 'PAYPAL'] as const;
export type OnlineMethod = (typeof onlineMethods)[number];

/** So many declines end a payment; before that the customer may try again. */
export const MAX_DECLINES = 3;

/**
 * Where a payment stands, worked out of what is known of it; what is known only grows, so that news may come in any order.
 *
 * - `PENDING`: nothing was captured, and something still can be.
 * - `PAID`: captured, amount and currency as asked for. It stays so when it is refunded: `refunded` says how much.
 * - `MISMATCHED`: captured, but not what was asked for. Somebody must look at it.
 * - `DECLINED`: refused for good; nothing can be paid any more.
 * - `VOIDED`: nothing was captured and nothing can be any more.
 * - `REJECTED`: the provider would not even open it; `reason` says why.
 */
export const paymentStates = ['PENDING', 'PAID', 'MISMATCHED', 'DECLINED', 'VOIDED', 'REJECTED'] as const;
export type PaymentState = (typeof paymentStates)[number];

export class PaidLine {
  @IsText(1, 200)
  name: string;

  @IsWhole(1, MAX_QUANTITY * MAX_LINES)
  quantity: number;

  @IsMinorUnits()
  price: number;
}

export class OpenPayment {
  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsWhole(0, 1_000_000, { description: 'The order’s; a payment that was given back at this epoch or later stays so' })
  epoch: number;

  @IsText(1, 40, { description: 'The order’s number, as customers know it' })
  number: string;

  @IsOneOf(onlineMethods)
  method: OnlineMethod;

  @IsOneOf(paymentFlows)
  flow: PaymentFlow;

  @IsMinorUnits()
  amount: number;

  @IsText(3, 3)
  currency: string;

  @IsListOf(PaidLine, 1, MAX_LINES, { description: 'What the customer sees at the provider; adds up to the amount' })
  lines: PaidLine[];

  @IsTime({ description: 'Until when it can be paid. Of a payment that is open already the first one stays.' })
  expiresAt: string;
}

/** A refund of one payment. The same key is the same refund, whatever is repeated. */
export class Refund {
  @IsText(1, 100)
  key: string;

  @IsMinorUnits()
  amount: number;

  @IsOneOf(refundStates)
  state: RefundState;

  @IsText(1, 500, { optional: true, description: 'Why, in words for people; of a failed one, what the provider said' })
  reason?: string;

  @IsText(1, 200, { optional: true, description: 'The provider’s id of it' })
  reference?: string;
}

/** All that is known of a payment; of two, the one with the higher `seq` knows more. */
export class Payment {
  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsWhole(0, 1_000_000, { description: 'The order’s, as far as it was heard' })
  epoch: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Grows with each change' })
  seq: number;

  @IsOneOf(onlineMethods)
  method: OnlineMethod;

  @IsOneOf(paymentStates)
  state: PaymentState;

  @IsMinorUnits()
  captured: number;

  @IsMinorUnits({ description: 'What has gone back for certain' })
  refunded: number;

  @IsListOf(Refund, 0, 1_000)
  refunds: Refund[];

  @IsWhole(0, 1_000)
  declines: number;

  @IsWhole(0, 1_000, { description: 'How often a customer has disputed it with the provider' })
  disputes: number;

  @IsText(1, 500, { optional: true, description: 'The last bad news: of a decline, a rejection, a dispute' })
  reason?: string;

  @IsText(1, 200, { optional: true, description: 'The provider’s id of it' })
  reference?: string;

  @IsTime()
  expiresAt: string;
}

/** What a customer needs to pay. There as soon as the provider has opened the payment. */
export class PaymentAccess {
  @IsText(1, 500, { optional: true, description: 'For Stripe.js' })
  clientSecret?: string;

  @IsText(1, 2_000, { optional: true, description: 'Where to send the customer’s browser' })
  paymentUrl?: string;

  @IsTime({ optional: true })
  expiresAt?: string;
}

export class AccessPayment {
  @IsId()
  orderId: string;

  @IsWhole(0, 5_000, { optional: true, description: 'Hold the answer until it can be paid, at most so many ms' })
  waitMs?: number;
}

export class PaymentOfOrder {
  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsWhole(0, 1_000_000, { description: 'The order’s' })
  epoch: number;
}

export class RefundPayment {
  @IsId()
  orderId: string;

  @IsText(1, 100, { description: 'The same key is the same refund' })
  key: string;

  @IsMinorUnits()
  amount: number;

  @IsText(1, 500, { optional: true })
  reason?: string;

  @IsWhole(0, 5_000, { optional: true, description: 'Hold the answer until its outcome is known, at most so many ms' })
  waitMs?: number;
}

export class PaymentMethods {
  @IsFlag()
  STRIPE: boolean;

  @IsFlag()
  PAYPAL: boolean;
}

export class SettlePayment {
  @IsId()
  orderId: string;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'The payment’s version, so that each change wakes somebody' })
  version: number;
}
