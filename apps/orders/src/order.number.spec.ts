import { orderNumber } from './order.number';

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
});
