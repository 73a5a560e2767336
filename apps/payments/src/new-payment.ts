import type { OpenPayment, PaymentOfOrder } from '@suite/contracts';
import { currentContext, traceparentOf } from '@suite/platform';
import { Types } from 'mongoose';
import type { PaymentRecord } from './payment.schema';

/** What every payment begins with, the first time and again. */
const untouched = {
  opening: false,
  reference: undefined,
  clientSecret: undefined,
  paymentUrl: undefined,
  rejected: undefined,
  approved: false,
  capturing: false,
  declines: [],
  refused: undefined,
  voidWanted: false,
  voided: false,
  unwanted: false,
  lookWanted: false,
};

export function newPayment(body: OpenPayment): PaymentRecord {
  const now = new Date();
  const traceparent = traceparentOf();
  const { orderId, userId, epoch, number, method, flow, amount, currency, lines, expiresAt } = body;
  return {
    ...untouched,
    _id: new Types.ObjectId(orderId),
    userId: new Types.ObjectId(userId),
    ...{ epoch, generation: 0, number, method, flow, amount, currency, lines },
    expiresAt: new Date(expiresAt),
    captures: [],
    refunds: [],
    disputes: [],
    state: 'PENDING',
    version: 1,
    seq: 0,
    told: 0,
    // It is to be opened at once.
    dueAt: now,
    requestId: currentContext()?.requestId ?? orderId,
    ...(traceparent !== undefined && { traceparent }),
    createdAt: now,
    updatedAt: now,
  };
}

/** Once more, after it was given back: another payment with the provider, of the same order. */
export const reopened = (known: PaymentRecord, body: OpenPayment): Partial<PaymentRecord> => ({
  ...untouched,
  epoch: body.epoch,
  generation: known.generation + 1,
  expiresAt: new Date(body.expiresAt),
  createdAt: new Date(),
});

/** What stays of an order that was given up before its payment was opened: whoever comes late finds the door shut. */
export const tombstoneOf = ({ orderId, userId, epoch }: PaymentOfOrder): PaymentRecord => ({
  ...newPayment({
    ...{ orderId, userId, epoch },
    number: orderId,
    method: 'STRIPE',
    flow: 'REGULAR',
    amount: 0,
    currency: 'USD',
    lines: [],
    expiresAt: new Date().toISOString(),
  }),
  voided: true,
  unwanted: true,
  // Whoever asked for it hears of it like of any other.
  seq: 1,
});
