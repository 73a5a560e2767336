import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { ExportedOrder } from '@suite/contracts';
import { csvHeader, csvRows } from './orders-csv';

const order = (more: Partial<ExportedOrder> = {}): ExportedOrder => ({
  id: '665f1c2e9b3e4a0012345678',
  number: '0NK4-7Q9X-M2PB',
  createdAt: '2026-05-04T12:00:00.000Z',
  status: 'CONFIRMED',
  tier: 'vip',
  userId: '665f1c2e9b3e4a0012345679',
  email: 'jo@example.com',
  name: 'Jo Doe',
  items: 2,
  quantity: 5,
  total: 123_450,
  currency: 'USD',
  paymentMethod: 'STRIPE',
  paymentStatus: 'PAID',
  shippingAddress: { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' },
  ...more,
});
const nameIn = (text: string) => parse<{ name: string }>(csvHeader() + text, { columns: true })[0].name;

describe('orders as CSV', () => {
  it('have one row each, beneath the names of the columns', () => {
    expect(csvHeader() + csvRows([order()])).toBe(
      'id,number,createdAt,status,tier,userId,email,name,items,quantity,total,currency,paymentMethod,paymentStatus,' +
        'street,city,state,zipCode,country\r\n' +
        '665f1c2e9b3e4a0012345678,0NK4-7Q9X-M2PB,2026-05-04T12:00:00.000Z,CONFIRMED,vip,665f1c2e9b3e4a0012345679,' +
        'jo@example.com,Jo Doe,2,5,1234.50,USD,STRIPE,PAID,1 Main Street,Springfield,IL,62701,US\r\n',
    );
  });

  it('leave the cells of an address empty where there is none', () => {
    expect(csvRows([order({ shippingAddress: undefined })])).toMatch(/,PAID,,,,,\r\n$/);
  });

  it('are nothing where there are none', () => expect(csvRows([])).toBe(''));

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1'])(
    'are no formulas: %j',
    (name) => expect(nameIn(csvRows([order({ name })]))).toBe(`'${name}`),
  );

  it('come back as they were sent from any parser, whatever people are called', () => {
    const parts = fc.constantFrom('"', ',', '\r', '\n', '\r\n', ';', ' ', "'", 'é', '茶', '🍵', 'a', '=');
    const anyName = fc.oneof(
      fc.array(parts, { minLength: 1 }).map((list) => `a${list.join('')}`),
      fc.string(),
    );
    fc.assert(
      fc.property(anyName, (name) => {
        const read = nameIn(csvRows([order({ name })]));
        expect([name, `'${name}`]).toContain(read);
        expect(read).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
  });
});
