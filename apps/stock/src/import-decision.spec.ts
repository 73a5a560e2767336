import { Types } from 'mongoose';
import { decideImport, type KnownProduct } from './import-decision';

const known = (more: Partial<KnownProduct> = {}): KnownProduct => ({
  _id: new Types.ObjectId(),
  stockId: new Types.ObjectId(),
  sku: 'TEA-1',
  name: 'Sencha',
  description: 'Green',
  category: 'tea',
  price: 1_250,
  ...more,
});
const outcomes = (...[rows, there = []]: [Parameters<typeof decideImport>[0], KnownProduct[]?]) =>
  decideImport(rows, there).rows.map(({ outcome }) => outcome);

describe('an imported row', () => {
  it('makes a product that is not there', () => {
    const row = { sku: 'TEA-2', name: 'Assam', price: 900, initialStock: 7, lowStockThreshold: 2 };
    expect(decideImport([row], [known()])).toEqual({
      rows: [{ sku: 'TEA-2', outcome: 'created' }],
      created: [row],
      changed: [],
    });
  });

  it('of a new product needs a name and a price, and is the only one to fail', () => {
    const { rows, created } = decideImport(
      [{ sku: 'A', price: 1 }, { sku: 'B' }, { sku: 'C', name: 'C', price: 0 }],
      [],
    );
    expect(rows).toEqual([
      { sku: 'A', outcome: 'failed', code: 'VALIDATION_FAILED', errors: [fault('name')] },
      { sku: 'B', outcome: 'failed', code: 'VALIDATION_FAILED', errors: [fault('name'), fault('price')] },
      { sku: 'C', outcome: 'created' },
    ]);
    expect(created).toMatchObject([{ sku: 'C' }]);
  });

  const fault = (path: string) => ({ path, message: `${path} is needed for a new product` });

  it('changes what it says and leaves the rest as it is', () => {
    const tea = known({ lowStockThreshold: 4 });
    const { rows, changed } = decideImport([{ sku: tea.sku, price: 1_300 }], [tea]);
    expect(rows).toEqual([{ sku: tea.sku, outcome: 'updated' }]);
    const sheet = { name: 'Sencha', description: 'Green', category: 'tea', price: 1_300, lowStockThreshold: 4 };
    expect(changed).toEqual([{ productId: tea._id, stockId: tea.stockId, sheet }]);
  });

  it.each([
    ['says what is there', { name: 'Sencha', description: 'Green', category: 'tea', price: 1_250 }],
    ['says nothing', {}],
    ['speaks of goods, which are none of its business', { initialStock: 99 }],
    ['takes away a picture that is not there', { imageUrl: '' }],
  ])('changes nothing when it %s', (_what, row) => {
    expect(decideImport([{ sku: 'TEA-1', ...row }], [known()])).toMatchObject({
      rows: [{ outcome: 'unchanged' }],
      created: [],
      changed: [],
    });
  });

  it.each([
    ['a threshold of 0 where there was none', { lowStockThreshold: 0 }],
    ['a price of 0', { price: 0 }],
    ['an empty description', { description: '' }],
    ['a picture', { imageUrl: 'https://example.com/a.jpg' }],
  ])('changes something when it says %s', (_what, row) => {
    expect(outcomes([{ sku: 'TEA-1', ...row }], [known()])).toEqual(['updated']);
  });

  it('that comes twice is made by the first and changed by the second', () => {
    const first = { sku: 'TEA-2', name: 'Assam', price: 900, initialStock: 7 };
    const { rows, created, changed } = decideImport(
      [first, { sku: 'TEA-2', price: 950 }, { sku: 'TEA-2', price: 950 }],
      [],
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'unchanged']);
    expect([created, changed]).toEqual([[{ ...first, price: 950 }], []]);
    expect(outcomes([{ sku: 'TEA-1', price: 1 }, { sku: 'TEA-1', price: 1_250 }], [known()])).toEqual(['updated', 'updated']); // prettier-ignore
  });

  it('that was done changes nothing when it comes again', () => {
    const rows = [{ sku: 'TEA-1', price: 1_300, imageUrl: '' }, { sku: 'TEA-2', name: 'Assam', price: 900 }]; // prettier-ignore
    const { created, changed } = decideImport(rows, [known()]);
    const after = [known({ ...changed[0].sheet }), known({ ...created[0], description: '', category: 'general' })];
    expect(outcomes(rows, after)).toEqual(['unchanged', 'unchanged']);
  });
});
