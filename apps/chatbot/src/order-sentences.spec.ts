import type { Order, OrderItem, OrderPayment, OrderStatus } from '@suite/contracts';
import { cancellationOf, contentOf, deliveryOf, paymentOf, statusOf } from './order-sentences';

const item = (more: Partial<OrderItem> = {}): OrderItem => ({
  stockId: 'a'.repeat(24),
  productId: 'b'.repeat(24),
  sku: 'TEA-1',
  name: 'Sencha',
  quantity: 2,
  price: 1_250,
  lineTotal: 2_500,
  shipped: 0,
  refunded: 0,
  ...more,
});

const orderWith = (more: Partial<Order> = {}): Order => ({
  id: 'c'.repeat(24),
  number: '2QCQ-QTZS-7T40',
  userId: 'd'.repeat(24),
  tier: 'standard',
  status: 'CONFIRMED',
  items: [item()],
  total: 2_500,
  currency: 'USD',
  payment: { method: 'CASH_ON_DELIVERY', status: 'NONE', refunded: 0 },
  shipments: [],
  history: [{ seq: 1, kind: 'status', status: 'PENDING', at: '2026-05-04T12:00:00.000Z', by: 'x' }],
  createdAt: '2026-05-04T12:00:00.000Z',
  updatedAt: '2026-05-04T12:00:00.000Z',
  ...more,
});

const paid = (more: Partial<OrderPayment>): Partial<Order> => ({
  payment: { method: 'STRIPE', status: 'PAID', refunded: 0, ...more },
});

describe('what is said of an order', () => {
  it('begins with which it is, how it stands and since when', () => {
    const history = [
      ...orderWith().history,
      {
        seq: 2,
        kind: 'status' as const,
        status: 'CONFIRMED' as const,
        at: '2026-05-05T01:00:00.000Z',
        by: 'processor',
      },
    ];
    expect(statusOf(orderWith({ history }))).toBe(
      'Your order 2QCQ-QTZS-7T40 of May 4, 2026 is confirmed, and has not been shipped yet (since May 5, 2026).',
    );
  });

  it('says why it failed, in words', () => {
    const failure = { code: 'INSUFFICIENT_STOCK' as const, message: 'stock 665f… had too little' };
    expect(statusOf(orderWith({ status: 'FAILED', failure }))).toContain(
      'could not be carried out: there was not enough in stock when it was its turn',
    );
  });

  it('says how long the line is', () => {
    expect(statusOf(orderWith({ status: 'PENDING', queue: { lane: 'standard', position: 12 } }))).toContain(
      'It is about number 12 in line.',
    );
  });

  it('names what is in it, as far as that can be read out', () => {
    const items = ['Sencha', 'Gyokuro', 'Oolong', 'Kettle', 'Bowl', 'Spoon', 'Tin'].map((name) => item({ name }));
    expect(contentOf(orderWith({ items }))).toBe(
      'It is 2 × Sencha, 2 × Gyokuro, 2 × Oolong, 2 × Kettle, 2 × Bowl and 2 more, $25.00 in all.',
    );
  });

  it.each<[OrderStatus, string]>([
    ['PENDING', 'You can still cancel it'],
    ['AWAITING_PAYMENT', 'You can still cancel it'],
    ['CONFIRMED', 'You can still cancel it'],
    ['SHIPPED', 'It cannot be cancelled any more'],
    ['DELIVERED', 'It cannot be cancelled any more'],
    ['FAILED', 'There is nothing left to cancel'],
    ['CANCELLED', 'There is nothing left to cancel'],
    ['REFUNDED', 'There is nothing left to cancel'],
  ])('says of one that is %s: %s', (status, sentence) => {
    expect(cancellationOf(orderWith({ status }))).toContain(sentence);
  });

  it('names every parcel that is on its way', () => {
    const shipments = [
      { items: [], at: '2026-05-06T09:00:00.000Z', carrier: 'DHL', trackingNumber: 'JD0146' },
      { items: [], at: '2026-05-07T09:00:00.000Z' },
    ];
    expect(deliveryOf(orderWith({ status: 'SHIPPED', shipments }))).toBe(
      'Sent on May 6, 2026 with DHL, tracking number JD0146. Sent on May 7, 2026. I do not know the day on which it arrives.',
    );
  });

  it.each<[Partial<Order>, string]>([
    [{}, 'You pay $25.00 in cash, when it is delivered.'],
    [{ status: 'CANCELLED' }, 'Nothing is charged for it.'],
    [paid({}), 'You have paid $25.00 by card.'],
    [paid({ method: 'PAYPAL' }), 'You have paid $25.00 by PayPal.'],
    [
      { ...paid({ status: 'PARTIALLY_REFUNDED', refunded: 500 }) },
      'You have paid $25.00 by card. $5.00 of it is paid back to you.',
    ],
    [
      { ...paid({ status: 'REFUNDED', refunded: 2_500 }), status: 'CANCELLED' },
      'You have paid $25.00 by card. $25.00 of it is paid back to you.',
    ],
    [{ ...paid({ status: 'PENDING' }), status: 'AWAITING_PAYMENT' }, 'You pay $25.00 by card.'],
    [{ ...paid({ status: 'FAILED' }), status: 'FAILED' }, 'The payment of $25.00 by card was declined.'],
    [
      { ...paid({ status: 'EXPIRED' }), status: 'CANCELLED' },
      'The payment of $25.00 by card was not made in time; nothing was charged.',
    ],
  ])('says how it is paid %#: %s', (more, sentence) => {
    expect(paymentOf(orderWith(more))).toBe(sentence);
  });
});
