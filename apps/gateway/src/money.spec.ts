import * as fc from 'fast-check';
import { toDecimal, toMinorUnits } from './money';

describe('money', () => {
  it.each([
    [0, 0],
    [0.01, 1],
    [19.99, 1_999],
    [1.15, 115],
    [1.005 + 0.005, 101],
    [8.2, 820],
    [999.99, 99_999],
    [10_000_000_000, 1_000_000_000_000],
  ])('%d is %d minor units', (decimal, minorUnits) => expect(toMinorUnits(decimal)).toBe(minorUnits));

  it('loses nothing on the way out and back, and writes at most two places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (minorUnits) => {
        const decimal = toDecimal(minorUnits);
        expect(toMinorUnits(decimal)).toBe(minorUnits);
        expect(JSON.stringify(decimal)).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(toMinorUnits(Number(JSON.parse(JSON.stringify(decimal))))).toBe(minorUnits);
      }),
    );
  });
});
