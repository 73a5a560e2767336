import { ERASED, orderStatuses, type OrderChanged } from '@suite/contracts';
import { isAboutWaiting, mailAbout } from './order-mail';

const change = (more: Partial<OrderChanged> = {}): OrderChanged => ({
  orderId: 'a'.repeat(24),
  userId: 'b'.repeat(24),
  number: 'A7K2-9QXM-41',
  tier: 'standard',
  email: 'jo@example.com',
  name: 'Jo Doe',
  seq: 1,
  kind: 'status',
  status: 'PENDING',
  at: '2026-11-26T12:00:00.000Z',
  items: [],
  total: 0,
  currency: 'USD',
  ...more,
});
const kindOf = (more: Partial<OrderChanged>) => mailAbout(change(more))?.kind;

describe('mailAbout', () => {
  it('knows a mail for every step, under the key of its fact', () => {
    for (const status of orderStatuses) {
      const mail = mailAbout(change({ status, seq: status === 'PENDING' ? 1 : 2 }))!;
      expect(mail.key).toBe(`${'a'.repeat(24)}.${status === 'PENDING' ? 1 : 2}`);
      expect(mail.kind).toBe(
        status === 'PENDING' ? 'order-received' : `order-${status.toLowerCase().replace('_', '-')}`,
      );
    }
  });

  it('knows one for what happens without a step', () => {
    expect(kindOf({ seq: 3, kind: 'payment', status: 'AWAITING_PAYMENT' })).toBe('order-payment-declined');
    expect(kindOf({ seq: 3, kind: 'shipment', status: 'SHIPPED' })).toBe('order-shipped');
    expect(kindOf({ seq: 3, kind: 'refund', status: 'DELIVERED' })).toBe('order-refunded');
  });

  it('knows none for an order that is replayed, or whose customer was erased', () => {
    expect(kindOf({ seq: 3, previousStatus: 'FAILED' })).toBeUndefined();
    expect(kindOf({ seq: 2, status: 'CONFIRMED', email: ERASED.email })).toBeUndefined();
  });

  it('knows none for a decline that nobody can answer by trying again, nor for a dispute', () => {
    for (const status of ['FAILED', 'CANCELLED', 'CONFIRMED', 'DELIVERED'] as const) {
      expect(kindOf({ seq: 3, kind: 'payment', status })).toBeUndefined();
    }
  });

  it('leaves waiting what an order waits for, and nothing else', () => {
    const waiting = orderStatuses.filter((status) => isAboutWaiting(mailAbout(change({ status }))!));
    expect(waiting).toEqual(['PENDING', 'AWAITING_PAYMENT']);
    expect(isAboutWaiting(mailAbout(change({ seq: 3, kind: 'payment', status: 'AWAITING_PAYMENT' }))!)).toBe(false);
  });
});
