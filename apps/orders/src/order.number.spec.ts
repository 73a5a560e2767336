import { orderNumber, parseOrderNumber } from './order.number';

describe('an order number', () => {
  it('has three groups of four that cannot be misread', () => {
    expect(orderNumber(new Date())).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('grows with time', () => {
    const earlier = orderNumber(new Date('2026-01-01T00:00:00Z'));
    const later = orderNumber(new Date('2026-01-01T00:00:01Z'));
    expect(earlier < later).toBe(true);
  });

  it('differs between orders of the same moment', () => {
    const at = new Date();
    const numbers = new Set(Array.from({ length: 200 }, () => orderNumber(at)));
    expect(numbers.size).toBe(200);
  });

  it.each(['0NK4-7Q9X-M2PB', '0nk47q9xm2pb', ' ONK4 7Q9X M2PB ', 'oNK4-7q9x-m2pb'])('is found as %s', (written) => {
    expect(parseOrderNumber(written)).toBe('0NK4-7Q9X-M2PB');
  });

  it('is found by whoever misread a 1', () => {
    expect(parseOrderNumber('iL11-0000-0000')).toBe('1111-0000-0000');
  });

  it.each(['', '0NK4-7Q9X-M2P', '0NK4-7Q9X-M2PBB', '0NK4-7Q9X-M2PU', '{"$ne":null}', '０NK47Q9XM2PB'])(
    'is not %j',
    (written) => expect(parseOrderNumber(written)).toBeUndefined(),
  );
});
