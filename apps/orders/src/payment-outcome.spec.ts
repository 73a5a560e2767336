import type { Payment } from '@suite/contracts';
import { Types } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { isQuietlyOver, nextStep } from './payment-outcome';

const now = new Date('2026-05-04T12:00:00Z');
const later = new Date('2026-05-04T12:15:00Z');

const someOrder = (changes: Partial<OrderRecord> = {}): OrderRecord =>
  ({
    _id: new Types.ObjectId(),
    status: 'AWAITING_PAYMENT',
    epoch: 0,
    total: 2_500,
    items: [],
    history: [],
    payment: { method: 'STRIPE', flow: 'REGULAR', status: 'PENDING', refunded: 0, expiresAt: later },
    ...changes,
  }) as unknown as OrderRecord;

const somePayment = (changes: Partial<Payment> = {}): Payment => ({
  orderId: '665f1c2e9b3e4a0012345678',
  userId: '665f1c2e9b3e4a0012345679',
  ...{
    epoch: 0,
    seq: 1,
    method: 'STRIPE',
    state: 'PENDING',
    captured: 0,
    refunded: 0,
    refunds: [],
    declines: 0,
    disputes: 0,
  },
  expiresAt: later.toISOString(),
  ...changes,
});

describe('the step of an order by what is known of its payment', () => {
  it.each<[string, Partial<Payment>]>([
    ['nothing is known', {}],
    ['something else is paid', { state: 'PAID', captured: 2_400 }],
    ['what was paid has gone back', { state: 'PAID', captured: 2_500, refunded: 2_500 }],
    ['what came in is not what was asked for', { state: 'MISMATCHED', captured: 1 }],
  ])('is none while it waits, when %s', (_why, changes) => {
    expect(nextStep(someOrder(), somePayment(changes), now)).toBeUndefined();
  });

  it.each<[string, Partial<Payment>, object]>([
    ['it is paid', { state: 'PAID', captured: 2_500 }, { to: 'CONFIRMED', debts: { commit: true } }],
    [
      'it is refused for good',
      { state: 'DECLINED' },
      { to: 'FAILED', failure: { code: 'PAYMENT_DECLINED' }, giveUp: {} },
    ],
    [
      'it was never opened',
      { state: 'REJECTED', reason: 'amount_too_small' },
      { to: 'FAILED', failure: { code: 'PROCESSING_FAILED' } },
    ],
    [
      'it cannot be paid any more',
      { state: 'VOIDED' },
      { to: 'CANCELLED', failure: { code: 'PAYMENT_EXPIRED' }, giveUp: {} },
    ],
    [
      'a card was declined',
      { declines: 1, reason: 'No' },
      { kind: 'payment', reason: 'No', changes: { payment: { status: 'FAILED', declines: 1 } } },
    ],
  ])('while it waits, when %s', (_why, changes, step) => {
    expect(nextStep(someOrder(), somePayment(changes), now)).toMatchObject(step);
  });

  it('is the end when it was declined once too often, and that decline is no news any more', () => {
    const payment = somePayment({ state: 'DECLINED', declines: 3, reason: 'No' });
    expect(nextStep(someOrder(), payment, now)).toMatchObject({
      to: 'FAILED',
      failure: { code: 'PAYMENT_DECLINED', message: 'No' },
      changes: { payment: { status: 'FAILED', declines: 3 } },
    });
    const failed = { ...someOrder().payment, status: 'FAILED', declines: 3 } as const;
    expect(nextStep(someOrder({ status: 'FAILED', payment: failed }), payment, now)).toBeUndefined();
  });

  it('is the end when its time is over and what came in is not what was asked for', () => {
    const payment = somePayment({ state: 'MISMATCHED', captured: 1 });
    expect(nextStep(someOrder(), payment, later)).toMatchObject({ to: 'CANCELLED', giveUp: {} });
  });

  it('is none by what is told late of a payment from before it was replayed', () => {
    const rejected = somePayment({ state: 'REJECTED', reason: 'AMOUNT_TOO_SMALL' });
    expect(nextStep(someOrder({ epoch: 2 }), rejected, now)).toBeUndefined();
    expect(nextStep(someOrder({ epoch: 2 }), { ...rejected, epoch: 2 }, now)).toMatchObject({ to: 'FAILED' });
  });

  it('is none for news that stand in its history', () => {
    const payment = { ...someOrder().payment, declines: 2, disputes: 1 };
    expect(nextStep(someOrder({ payment }), somePayment({ declines: 2, disputes: 1 }), now)).toBeUndefined();
  });

  it('does not move an order that has ended, whatever is paid for it; what goes back is told', () => {
    const cancelled = someOrder({ status: 'CANCELLED' });
    expect(nextStep(cancelled, somePayment({ state: 'PAID', captured: 2_500 }), now)).toBeUndefined();
    const refund = { key: 'back-pi_1', amount: 2_500, state: 'done' } as const;
    const step = nextStep(cancelled, somePayment({ state: 'PAID', captured: 2_500, refunds: [refund] }), now);
    expect(step).toMatchObject({
      kind: 'refund',
      by: 'payments',
      changes: { payment: { refunded: 2_500, status: 'REFUNDED' } },
    });
    expect(step).not.toHaveProperty('to');
  });

  it('shows a dispute of an order that stands', () => {
    const step = nextStep(someOrder({ status: 'SHIPPED' }), somePayment({ disputes: 1, reason: 'fraudulent' }), now);
    expect(step).toMatchObject({ kind: 'payment', reason: 'Disputed: fraudulent' });
  });

  it('lets a payment that was given up go quietly', () => {
    const voided = somePayment({ state: 'VOIDED' });
    expect(isQuietlyOver(someOrder({ status: 'CANCELLED' }), voided)).toBe(true);
    expect(isQuietlyOver(someOrder({ status: 'CONFIRMED' }), voided)).toBe(false);
  });
});
