import type { OrderItem, OrderMail } from '@suite/contracts';
import { writeMail } from './mail-text';
import { formatMoney } from './money';

const shop = { name: 'Tea House', url: 'https://shop.example' };
const item = (item: Partial<OrderItem>) => ({ name: 'Sencha', quantity: 1, lineTotal: 1250, ...item }) as OrderItem;
const order = (changes: Partial<OrderMail> = {}): OrderMail => ({
  orderId: '665f1c2e9b3e4a0012345678',
  number: 'A7K2-9QXM-41',
  name: 'Jo Doe',
  items: [item({}), item({ name: 'Kettle', quantity: 2, lineTotal: 123_400 })],
  total: 124_650,
  currency: 'USD',
  ...changes,
});

describe('the mail of a confirmed order', () => {
  it('says what was ordered, for how much, and where to look', () => {
    const { subject, text, html } = writeMail('order-confirmed', order(), shop);
    expect(subject).toBe('Your order A7K2-9QXM-41 is confirmed');
    for (const body of [text, html]) {
      expect(body).toContain('Hello Jo Doe,');
      expect(body).toContain('2 × Kettle');
      expect(body).toContain('$1,234.00');
      expect(body).toContain('$1,246.50');
      expect(body).toContain('https://shop.example/orders/665f1c2e9b3e4a0012345678');
      expect(body).toContain('Tea House');
    }
  });

  it('lets nobody write into it: not HTML, not lines of text', () => {
    const name = `<script>alert("x")</script>\r\n\r\nYour account is locked, call 0800 🎉\u2028now`;
    const { text, html } = writeMail('order-confirmed', order({ name, items: [item({ name })] }), shop);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    const oneLine = '<script>alert("x")</script> Your account is locked, call 0800 🎉 now';
    expect(text.split(/\r?\n|\u2028/)).toEqual(
      expect.arrayContaining([`Hello ${oneLine},`, expect.stringContaining(`1 × ${oneLine}:`)]),
    );
  });

  it('greets those who gave no name', () => {
    expect(writeMail('order-confirmed', order({ name: '' }), shop).text).toMatch(/^Hello,\n/);
  });
});

describe('the mails with a one-time token', () => {
  it.each(['verify-email', 'reset-password'] as const)('%s carry it behind the # of a link, and to type in', (kind) => {
    const { text, html } = writeMail(kind, { secret: 'a+b/c="', expiresAt: '2026-05-04T12:34:56.000Z' }, shop);
    const link = `https://shop.example/${kind}#token=a%2Bb%2Fc%3D%22`;
    expect(text).toContain(link);
    expect(text).toContain('a+b/c="');
    expect(text).toContain('until 2026-05-04 12:34 UTC');
    expect(html).toContain(`<a href="${link}">`);
    expect(html).toContain('<code>a+b/c=&quot;</code>');
  });
});

describe('formatMoney', () => {
  it.each([
    [0, 'USD', '$0.00'],
    [5, 'USD', '$0.05'],
    [123_456_789, 'EUR', '€1,234,567.89'],
    [100_000, 'JPY', '¥1,000'],
  ])('%i minor units of %s are %s', (minorUnits, currency, text) => {
    expect(formatMoney(minorUnits, currency)).toBe(text);
  });
});
