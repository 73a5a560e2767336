import { finderOf, type Offer } from '@suite/contracts';
import { quoteOf } from './quote';

const offerOf = (more: Partial<Offer> = {}): Offer => ({
  stockId: 's1',
  productId: 'p1',
  sku: 'TEA-0001',
  name: 'Sencha',
  price: 1_250,
  available: 3,
  ...more,
});

const other = offerOf({ stockId: 's2', productId: 'p2', price: 5 });
const quote = (lines: { stockId?: string; productId?: string; quantity: number }[]) =>
  quoteOf(lines, finderOf([offerOf(), other]), 'EUR');
const refusal = (...lines: Parameters<typeof quote>[0]): unknown => {
  try {
    return quote(lines);
  } catch (problem) {
    return problem;
  }
};

describe('a quote', () => {
  it('names prices line by line, by either id, and not what is left', () => {
    const { available: _available, ...product } = offerOf();
    const lines = quote([
      { stockId: 's2', quantity: 1 },
      { productId: 'p1', quantity: 2 },
      { stockId: 's1', productId: 'p1', quantity: 1 },
    ]);
    expect(lines[0]).toMatchObject({ productId: 'p2', price: 5 });
    expect(lines[1]).toEqual({ ...product, currency: 'EUR' });
    expect(lines[2]).toEqual(lines[1]);
  });

  it('judges all lines of one stock together', () => {
    expect(refusal({ stockId: 's1', quantity: 2 }, { productId: 'p1', quantity: 2 })).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      extra: { stockId: 's1', requested: 4, available: 3 },
    });
    expect(quote([{ stockId: 's1', quantity: 3 }])).toHaveLength(1);
  });

  it.each([
    [{ stockId: 's3' }, { code: 'STOCK_NOT_FOUND', extra: { stockId: 's3' } }],
    [{ productId: 'p3' }, { code: 'STOCK_NOT_FOUND', extra: { productId: 'p3' } }],
    [{ stockId: 's1', productId: 'p2' }, { code: 'STOCK_NOT_FOUND' }],
    [{}, { code: 'VALIDATION_FAILED', extra: { errors: [{ path: 'items.0.stockId' }] } }],
  ])('refuses %j', (line, problem) => {
    expect(refusal({ quantity: 1, ...line })).toMatchObject(problem);
  });
});
