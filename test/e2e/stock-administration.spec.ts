import { newCustomer, newProduct, placeOrder, settled, stockOf, theAdmin } from '../support/builders';
import { anonymous, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { MovementView, ProductView, StockView } from '../support/views';

const ledger = async (stockId: string) =>
  (await (await theAdmin()).get<MovementView[]>(`/stock/${stockId}/movements?limit=100`)).data;

describe('products with their stock', () => {
  it('are open to anyone, in a list and one by one', async () => {
    const tea = await newProduct({ stock: 4 });
    const { data, meta } = await anonymous.get<(ProductView & { stock: StockView })[]>('/stock/products-with-stock');
    expect(meta.total).toBeGreaterThanOrEqual(24);
    const level = { id: tea.stock.id, available: 4, reserved: 0, version: expect.any(Number) as number };
    expect(data.find(({ id }) => id === tea.id)?.stock).toEqual(level);
    const one = await anonymous.get<ProductView>(`/stock/products-with-stock/${tea.id}`);
    expect([one.status, one.data.sku, one.data.stock]).toEqual([200, tea.sku, level]);
  });
});

describe('an adjustment', () => {
  it('adds and takes away, with a reason, and each makes the version grow by one', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ stock: 10 });
    const before = await stockOf(tea);
    const path = `/stock/${tea.stock.id}/adjustments`;
    expect((await admin.post(path, { delta: 5, reason: 'Delivery 4711' })).status).toBe(201);
    expect((await admin.post(path, { delta: -3, reason: 'Broken' })).status).toBe(201);
    expect(await stockOf(tea)).toMatchObject({ available: 12, reserved: 0, version: before.version + 2 });
  });

  it('is a receipt where goods come in, once however often it is sent', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ stock: 1 });
    const body = { quantity: 24, reason: 'Delivery 4712' };
    const send = () =>
      admin.post<MovementView>(`/stock/${tea.stock.id}/receipts`, body, { idempotencyKey: `r-${tea.id}` });
    const [first, again] = [await send(), await send()];
    expect([first.status, first.data.kind, first.data.available]).toEqual([201, 'receipt', 24]);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect((await stockOf(tea)).available).toBe(25);
  });

  it('never goes below zero', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ stock: 3 });
    const reply = await admin.post(`/stock/${tea.stock.id}/adjustments`, { delta: -4, reason: 'Lost' });
    expect([reply.status, reply.code]).toEqual([409, 'INSUFFICIENT_STOCK']);
    expect((await stockOf(tea)).available).toBe(3);
  });

  it('takes exactly what there is when many take at once, and shows nobody a conflict', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ stock: 10 });
    const take = () => admin.post(`/stock/${tea.stock.id}/adjustments`, { delta: -1, reason: 'Taken' });
    const replies = await Promise.all(times(25).map(take));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(replies.filter(({ code }) => code === 'INSUFFICIENT_STOCK')).toHaveLength(15);
    expect((await stockOf(tea)).available).toBe(0);
  });

  it('happens once, though it is sent again with the same key', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ stock: 0 });
    const send = () =>
      admin.post(
        `/stock/${tea.stock.id}/adjustments`,
        { delta: 5, reason: 'Delivery' },
        { idempotencyKey: `d-${tea.id}` },
      );
    expect([(await send()).status, (await send()).status]).toEqual([201, 201]);
    expect((await stockOf(tea)).available).toBe(5);
  });

  it('is for admins', async () => {
    const tea = await newProduct();
    const jo = await newCustomer();
    const body = { delta: 1, reason: 'Mine' };
    expect((await jo.post(`/stock/${tea.stock.id}/adjustments`, body)).code).toBe('FORBIDDEN');
    expect((await jo.get(`/stock/${tea.stock.id}/movements`)).code).toBe('FORBIDDEN');
    expect((await anonymous.get(`/stock/${tea.stock.id}/movements`)).code).toBe('UNAUTHORIZED');
  });
});

describe('the ledger', () => {
  it('replays to the counters, and names the order that moved them', async () => {
    const admin = await theAdmin();
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 10 });
    await admin.post(`/stock/${tea.stock.id}/adjustments`, { delta: -2, reason: 'Broken' });
    const order = await settled(jo, (await placeOrder(jo, tea, 3)).id);
    await eventually(async () => {
      const lines = await ledger(tea.stock.id);
      const sum = (field: 'available' | 'reserved' | 'sold') => lines.reduce((total, line) => total + line[field], 0);
      expect([sum('available'), sum('reserved'), sum('sold')]).toEqual([5, 0, 3]);
      expect(lines.filter(({ orderId }) => orderId === order.id).length).toBeGreaterThan(0);
      expect(lines.find(({ kind }) => kind === 'adjustment')).toMatchObject({ available: -2, reason: 'Broken' });
      expect(lines.find(({ kind }) => kind === 'receipt')).toMatchObject({ available: 10 });
      expect(Math.max(...lines.map(({ version }) => version))).toBe((await stockOf(tea)).version);
    });
  });
});
