import { newCustomer, newProduct, stockOf, theAdmin, unique, type Customer } from '../support/builders';
import { anonymous, times } from '../support/client';
import { expectRefusal, INVALID, NO_ID, type Refusal } from '../support/refusals';
import type { ImportView, ProductView } from '../support/views';

let admin: Customer;
let tea: ProductView;
beforeAll(async () => {
  [admin, tea] = [await theAdmin(), await newProduct({ stock: 3 })];
});

const noProduct = '404 PRODUCT_NOT_FOUND';

describe('looking for products is refused', () => {
  it.each([
    ...['page=0', 'limit=101', 'limit=x', 'sort=sku', 'sort=price&sort=name', 'minPrice=-1', 'minPrice=x'],
    ...[
      'maxPrice=1.999',
      'inStock=yes',
      'inStock=',
      'cursor=%00',
      'cursor=nonsense',
      'q[$regex]=.',
      'q=',
      'nope=1',
      'archived=1',
    ],
  ])('for the query %s', async (query) => {
    expectRefusal(await anonymous.get(`/products?${query}`), INVALID);
    expectRefusal(await anonymous.get(`/stock/products-with-stock?${query}`), INVALID);
  });

  it('to strangers and customers who look for archived ones', async () => {
    expectRefusal(await anonymous.get('/products?archived=true'), '401 UNAUTHORIZED');
    expectRefusal(await (await newCustomer()).get('/products?archived=true'), '403 FORBIDDEN');
  });

  it.each([
    ['/products/42', INVALID],
    ['/products/%00', INVALID],
    [`/products/${NO_ID}`, noProduct],
    [`/stock/products-with-stock/${NO_ID}`, noProduct],
    ['/stock/products-with-stock/42', INVALID],
  ] as [string, Refusal][])('at %s', async (path, refusal) => expectRefusal(await anonymous.get(path), refusal));
});

describe('adding a product is refused', () => {
  it.each([
    ...[-1, 1.999, '1', null, true, 1e11].map((price) => ({ price })),
    ...[-1, 1.5, '1', null, 1_000_000_001].map((initialStock) => ({ initialStock })),
    ...[undefined, null, '', 7, 'x'.repeat(201)].map((name) => ({ name })),
    ...['', null, 'x'.repeat(65), { $ne: 1 }].map((sku) => ({ sku })),
    ...['javascript:alert(1)', 'data:image/png;base64,AA', 'ftp://example.com/a.jpg', '//example.com/a.jpg', 'a.jpg', null]
      .map((imageUrl) => ({ imageUrl })), // prettier-ignore
    ...[-2, 1.5, '5', null].map((lowStockThreshold) => ({ lowStockThreshold })),
    { description: 7 },
    { category: '' },
    { currency: 'EUR' },
    { available: 9 },
    { stock: { available: 9 } },
    { id: NO_ID },
  ])('with %j', async (fault) => {
    const good = { sku: `TEST-${unique()}`, name: 'Tea', price: 1 };
    expectRefusal(await admin.post('/products', { ...good, ...fault }), INVALID);
  });
});

describe('changing a product is refused', () => {
  it.each([{ price: -1 }, { name: '' }, { initialStock: 9 }, { version: 1 }, { archived: true }, { sku: null }])(
    'with %j',
    async (body) => expectRefusal(await admin.patch(`/products/${tea.id}`, body), INVALID),
  );

  it.each([
    ['x', INVALID],
    ['"x"', INVALID],
    ['"999"', '412 VERSION_CONFLICT'],
  ] as [string, Refusal][])('with If-Match: %s', async (version, refusal) => {
    const reply = await admin.patch(`/products/${tea.id}`, { price: 1 }, { headers: { 'if-match': version } });
    expectRefusal(reply, refusal);
  });

  it('where there is none', async () => {
    expectRefusal(await admin.patch(`/products/${NO_ID}`, { price: 1 }), noProduct);
    expectRefusal(await admin.delete(`/products/${NO_ID}`), noProduct);
    expectRefusal(await admin.patch('/products/42', { price: 1 }), INVALID);
  });
});

describe('putting a product back is refused', () => {
  it('where there is none', async () => {
    expectRefusal(await admin.post(`/products/${NO_ID}/restore`), noProduct);
    expectRefusal(await admin.post('/products/42/restore'), INVALID);
  });
});

describe('an import is refused as a whole', () => {
  it.each([
    {},
    { rows: [] },
    { rows: {} },
    { rows: [5] },
    { rows: [[]] },
    { rows: times(501).map(() => ({ sku: 'x' })) },
    { rows: [{ sku: 'x' }], dryRun: 'yes' },
    { rows: [{ sku: 'x' }], nope: 1 },
  ])('with %j', async (body) => expectRefusal(await admin.post('/products/import', body), INVALID));

  it('by row with everything else', async () => {
    const faults = [
      {},
      { sku: 7 },
      { sku: 'x', price: '1' },
      { sku: 'x', price: -1 },
      { sku: 'x', name: null },
      { sku: 'x', stock: 1 },
      { sku: 'x', imageUrl: 'javascript:alert(1)' },
      { sku: `TEST-${unique()}`, name: 'No price' },
    ];
    const { status, data } = await admin.post<ImportView>('/products/import', { rows: faults });
    expect([status, data.failed, data.created]).toEqual([200, faults.length, 0]);
    expect(data.rows.map(({ code, errors = [] }) => [code, errors.length > 0])).toEqual(
      faults.map(() => ['VALIDATION_FAILED', true]),
    );
  });

  it('to everybody but admins', async () => {
    const body = { rows: [{ sku: 'x', name: 'Mine', price: 1 }] };
    expectRefusal(await (await newCustomer()).post('/products/import', body), '403 FORBIDDEN');
    expectRefusal(await anonymous.post('/products/import', body), '401 UNAUTHORIZED');
  });
});

describe('receiving goods is refused', () => {
  it.each([
    [{ quantity: 0, reason: 'x' }, INVALID],
    [{ quantity: -1, reason: 'x' }, INVALID],
    [{ quantity: 1.5, reason: 'x' }, INVALID],
    [{ quantity: 1e9, reason: 'x' }, INVALID],
    [{ quantity: 1 }, INVALID],
    [{ delta: 1, reason: 'x' }, INVALID],
  ] as [object, Refusal][])('with %j', async (body, refusal) => {
    expectRefusal(await admin.post(`/stock/${tea.stock.id}/receipts`, body), refusal);
  });

  it('where there is none, and to everybody but admins', async () => {
    const body = { quantity: 1, reason: 'x' };
    expectRefusal(await admin.post(`/stock/${NO_ID}/receipts`, body), '404 STOCK_NOT_FOUND');
    const jo = await newCustomer();
    expectRefusal(await jo.post(`/stock/${tea.stock.id}/receipts`, body), '403 FORBIDDEN');
    expectRefusal(await jo.get('/stock/low'), '403 FORBIDDEN');
    expectRefusal(await anonymous.get('/stock/low'), '401 UNAUTHORIZED');
  });
});

describe('adjusting stock is refused', () => {
  it.each([
    [{ delta: 0.5, reason: 'x' }, INVALID],
    [{ delta: '1', reason: 'x' }, INVALID],
    [{ delta: 2e9, reason: 'x' }, INVALID],
    [{ delta: 1 }, INVALID],
    [{ delta: 1, reason: '' }, INVALID],
    [{ delta: 1, reason: 'x'.repeat(501) }, INVALID],
    [{ reason: 'x' }, INVALID],
    [{ delta: 1, reason: 'x', reserved: 1 }, INVALID],
    [{ delta: -4, reason: 'x' }, '409 INSUFFICIENT_STOCK'],
  ] as [object, Refusal][])('with %j', async (body, refusal) => {
    expectRefusal(await admin.post(`/stock/${tea.stock.id}/adjustments`, body), refusal);
  });

  it('where there is none', async () => {
    const body = { delta: 1, reason: 'x' };
    expectRefusal(await admin.post(`/stock/${NO_ID}/adjustments`, body), '404 STOCK_NOT_FOUND');
    expectRefusal(await admin.post('/stock/42/adjustments', body), INVALID);
    expectRefusal(await admin.get(`/stock/${NO_ID}/movements`), '404 STOCK_NOT_FOUND');
    expectRefusal(await admin.get(`/stock/${tea.stock.id}/movements?limit=0`), INVALID);
  });

  it('and leaves nothing behind', async () => {
    expect(await stockOf(tea)).toMatchObject({ available: 3, reserved: 0 });
    expect((await anonymous.get<ProductView>(`/products/${tea.id}`)).data).toMatchObject({ price: tea.price });
  });
});
