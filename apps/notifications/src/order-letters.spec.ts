import type { MailKind, OrderItem, OrderMail } from '@suite/contracts';
import { writeMail } from './mail-text';

const shop = { name: 'Tea House', url: 'https://shop.example' };
const [tea, pot] = ['aa', 'bb'].map((hex) => hex.repeat(12));
const item = (more: Partial<OrderItem>): OrderItem => ({
  stockId: tea,
  productId: tea,
  sku: 'TEA-0001',
  name: 'Sencha',
  quantity: 1,
  price: 1250,
  lineTotal: 1250,
  shipped: 0,
  refunded: 0,
  ...more,
});
const order = (more: Partial<OrderMail> = {}): OrderMail => ({
  orderId: '665f1c2e9b3e4a0012345678',
  number: 'A7K2-9QXM-41',
  name: 'Jo Doe',
  items: [item({}), item({ stockId: pot, name: 'Kettle', quantity: 2, lineTotal: 123_400 })],
  total: 124_650,
  currency: 'USD',
  kind: 'status',
  status: 'CONFIRMED',
  ...more,
});
const write = (kind: MailKind, more: Partial<OrderMail> = {}) => writeMail(kind, order(more), shop);

describe('every mail about an order', () => {
  it.each([
    'order-received',
    'order-awaiting-payment',
    'order-payment-declined',
    'order-confirmed',
    'order-failed',
    'order-shipped',
    'order-delivered',
    'order-cancelled',
    'order-refunded',
  ] as const)('%s names the order and the shop, greets, and says where to look', (kind) => {
    const { subject, text, html } = write(kind);
    expect(subject).toContain('A7K2-9QXM-41');
    for (const body of [text, html]) {
      expect(body).toContain('Hello Jo Doe,');
      expect(body).toContain('A7K2-9QXM-41');
      expect(body).toContain('https://shop.example/orders/665f1c2e9b3e4a0012345678');
      expect(body).toContain('Tea House');
      expect(body).not.toMatch(/undefined|null|NaN/);
    }
  });

  it('greets those who gave no name', () => {
    expect(write('order-confirmed', { name: '' }).text).toMatch(/^Hello,\n/);
  });

  it('lets nobody write into it: not HTML, not lines of text', () => {
    const words = `<script>alert("x")</script>\r\n\r\nYour account is locked, call 0800 🎉\u2028now`;
    const oneLine = '<script>alert("x")</script> Your account is locked, call 0800 🎉 now';
    const shipment = { carrier: words, trackingNumber: words, items: [{ stockId: tea, quantity: 1 }] };
    const mails = [
      write('order-confirmed', { name: words, items: [item({ name: words })] }),
      write('order-received', { name: words }),
      write('order-awaiting-payment', { items: [item({ name: words })] }),
      write('order-payment-declined', { failure: { code: 'PAYMENT_DECLINED', message: words } }),
      write('order-shipped', { shipment, items: [item({ name: words })] }),
      write('order-cancelled', { reason: words }),
      write('order-refunded', { reason: words, refund: { amount: 1, lines: [] } }),
      write('order-failed', { failure: { code: 'INSUFFICIENT_STOCK', message: words } }),
    ];
    for (const { text, html } of mails) {
      expect(html).not.toContain('<script');
      expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
      expect(text.split(/\r?\n|\u2028/).filter((line) => line.startsWith('Your account'))).toEqual([]);
      expect(text).toContain(oneLine);
    }
  });
});

describe('the mail of a confirmed order', () => {
  it('says what was ordered, and for how much', () => {
    const { subject, text, html } = write('order-confirmed');
    expect(subject).toBe('Your order A7K2-9QXM-41 is confirmed');
    for (const body of [text, html]) {
      for (const part of ['2 × Kettle', '$1,234.00', '$1,246.50']) expect(body).toContain(part);
    }
  });
});

describe('the mails of an order that waits', () => {
  it('say what for, and how much it is', () => {
    expect(write('order-received').subject).toBe('We have received your order A7K2-9QXM-41');
    const { subject, text } = write('order-awaiting-payment', { status: 'AWAITING_PAYMENT' });
    expect(subject).toBe('Your order A7K2-9QXM-41 waits for your payment');
    for (const part of ['2 × Kettle: $1,234.00', 'Total: $1,246.50']) expect(text).toContain(part);
    const failure = { code: 'PAYMENT_DECLINED' as const, message: 'Insufficient funds' };
    const declined = write('order-payment-declined', { kind: 'payment', status: 'AWAITING_PAYMENT', failure });
    expect(declined.text).toContain('The payment of $1,246.50 for your order A7K2-9QXM-41 was declined.');
    expect(declined.text).toContain('Insufficient funds.');
  });
});

describe('the mail of a shipment', () => {
  const parcel = { carrier: 'DHL', trackingNumber: 'JD014600003SE', items: [{ stockId: pot, quantity: 1 }] };

  it('says what is on its way and how, and that the rest follows', () => {
    const items = [item({}), item({ stockId: pot, name: 'Kettle', quantity: 2, shipped: 1 })];
    const { subject, text } = write('order-shipped', { shipment: parcel, status: 'SHIPPED', items });
    expect(subject).toBe('Your order A7K2-9QXM-41 is on its way');
    for (const part of ['1 × Kettle', 'Carrier: DHL', 'Tracking number: JD014600003SE', 'The rest will follow.']) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('Sencha');
  });

  it('that is a further one, and the last, says so', () => {
    const items = [item({ shipped: 1 }), item({ stockId: pot, quantity: 3, shipped: 2, refunded: 1 })];
    const { subject, text } = write('order-shipped', { shipment: parcel, kind: 'shipment', status: 'SHIPPED', items });
    expect(subject).toBe('More of your order A7K2-9QXM-41 is on its way');
    expect(text).not.toContain('The rest');
  });

  it('says nothing of a carrier that nobody named', () => {
    expect(write('order-shipped', { shipment: { items: [] } }).text).not.toMatch(/Carrier|Tracking/);
  });
});

describe('the mail of a refund', () => {
  it('says how much, what for and why', () => {
    const refund = { amount: 61_700, lines: [{ stockId: pot, quantity: 1 }] };
    const { subject, text } = write('order-refunded', { kind: 'refund', refund, reason: 'Broken on arrival' });
    expect(subject).toBe('A refund for your order A7K2-9QXM-41: $617.00');
    for (const part of ['$617.00', '1 × Kettle', 'Reason: Broken on arrival']) expect(text).toContain(part);
    expect(text).not.toContain('all of it');
  });

  it('that was the last says that all is refunded', () => {
    const { text } = write('order-refunded', { status: 'REFUNDED', refund: { amount: 500, lines: [] } });
    expect(text).toContain('We have refunded $5.00 of your order A7K2-9QXM-41.');
    expect(text).toContain('With this, all of it is refunded.');
  });
});

describe('the mail of an order that ended early', () => {
  it('says why', () => {
    const failure = { code: 'INSUFFICIENT_STOCK' as const, message: 'There is not enough of Sencha in stock' };
    expect(write('order-failed', { failure }).text).toContain('There is not enough of Sencha in stock.');
    expect(write('order-cancelled', { reason: 'As agreed' }).text).toContain('Reason: As agreed');
    expect(write('order-cancelled').text).not.toContain('Reason');
  });
});
