import { isOptionalMail, mailKindNames, type MailKind } from '@suite/contracts';
import { writeMail } from './mail-text';
import { formatMoney } from './money';

const shop = { name: 'Tea House', url: 'https://shop.example' };

describe('the mails with a one-time token', () => {
  it.each(['verify-email', 'reset-password'] as const)('%s carry it behind the # of a link, and to type in', (kind) => {
    const { text, html } = writeMail(kind, { secret: 'a+b/c="', expiresAt: '2026-05-04T12:34:56.000Z' }, shop);
    const link = `https://shop.example/${kind}#token=a%2Bb%2Fc%3D%22`;
    expect(text).toContain(link);
    expect(text).toContain('a+b/c="');
    expect(text).toContain('until 2026-05-04 12:34 UTC');
    expect(html).toContain(`<a href="${link.replace('=', '&#x3D;')}">`);
    expect(html).toContain('<code>a+b/c&#x3D;&quot;</code>');
  });
});

describe('the mail about a low stock', () => {
  const low = { productId: '665f1c2e9b3e4a0012345678', sku: 'TEA-0001', name: 'Sencha', available: 2, threshold: 5 };

  it('says of what there is how much, where to look, and when there will be another', () => {
    const { subject, text, html } = writeMail('stock-low', low, shop);
    expect(subject).toBe('Low stock: 2 left of Sencha (TEA-0001)');
    for (const body of [text, html]) {
      expect(body).toContain('2 left of Sencha (TEA-0001).');
      expect(body).toContain('https://shop.example/products/665f1c2e9b3e4a0012345678');
      expect(body).toContain('falls to 5 or below');
    }
  });

  it('calls it by its name when there is nothing left', () => {
    const { subject, text } = writeMail('stock-low', { ...low, available: 0 }, shop);
    expect(subject).toBe('Sold out: Sencha (TEA-0001)');
    expect(text).toContain('Sencha (TEA-0001) is sold out.');
  });
});

describe('the mail of welcome', () => {
  it('greets by name and says where to go on', () => {
    const { subject, text, html } = writeMail('welcome', { name: 'Zoë <b>' }, shop);
    expect(subject).toBe('Welcome to Tea House');
    expect(text).toContain('Hello Zoë <b>,');
    expect(html).toContain('Hello Zoë &lt;b&gt;,');
    expect(text).toContain('https://shop.example\n');
  });
});

describe('every mail', () => {
  const order = { orderId: 'a'.repeat(24), number: 'A-1', name: 'Jo', items: [], total: 0, currency: 'USD' };
  const all = {
    ...order,
    kind: 'status',
    status: 'CONFIRMED',
    secret: 'x',
    sku: 'T',
    available: 1,
    threshold: 1,
    productId: 'p',
  };

  it.each(mailKindNames)('%s says where it can be switched off, if it can be', (kind: MailKind) => {
    const { subject, text, html } = writeMail(kind, all, shop);
    const where = 'https://shop.example/mail-preferences';
    expect([text.includes(where), html.includes(where)]).toEqual([isOptionalMail(kind), isOptionalMail(kind)]);
    expect(subject).not.toBe('');
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|NaN|\{\{/);
    expect(text).not.toMatch(/\n\n\n/);
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
