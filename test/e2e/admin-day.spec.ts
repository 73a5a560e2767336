import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { lineOf, newCustomer, settled, stockOf, succeeded, theAdmin, unique, type Customer } from '../support/builders';
import { anonymous, BASE_URL } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo, mailWith } from '../support/mailbox';
import type {
  MovementView,
  OrderView,
  PlacedView,
  ProductView,
  SoldProductView,
  StockView,
  SummaryView,
  TimeseriesView,
} from '../support/views';

const folder = mkdtempSync(join(tmpdir(), 'admin-day-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `npm run import`, as somebody would type it. */
function importFile(content: string, ...more: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = join(folder, 'products.csv');
  writeFileSync(file, content);
  const options = { cwd: join(__dirname, '../..'), env: { ...process.env, BASE_URL }, timeout: 25_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/import.mjs', file, ...more], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const count = (stdout: string, what: string) => Number(new RegExp(`^${what} +(\\d+)$`, 'm').exec(stdout)?.[1]);

describe('a day of an admin', () => {
  /** When it began: what is placed from then on is of this day alone. */
  const from = new Date().toISOString();
  let admin: Customer;
  let jo: Customer;
  const season = `season-${unique()}`;
  const sku = (n: number) => `DAY-${season.slice(-12)}-${n}`;
  const header = 'sku,name,category,price,initialStock,lowStockThreshold\n';
  beforeAll(async () => {
    [admin, jo] = [await theAdmin(), await newCustomer()];
  });

  const shelf = async () => (await anonymous.get<ProductView[]>(`/products?category=${season}&sort=name`)).data;

  it('begins with the list of a new season: tried, mended, imported, and safe to import again', async () => {
    const list = header + `${sku(1)},Assam,${season},12.5,10,4\n${sku(2)},"Bancha, roasted",${season},9.999,5,\n`;
    const tried = await importFile(list, '--dry-run');
    expect([tried.code, count(tried.stdout, 'created')]).toEqual([1, 1]);
    expect(tried.stderr).toMatch(new RegExp(`line 3 \\(${sku(2)}\\): VALIDATION_FAILED: price`));
    expect(await shelf()).toEqual([]);

    const mended = list.replace('9.999', '9.99');
    const imported = await importFile(mended);
    expect([imported.code, count(imported.stdout, 'created')]).toEqual([0, 2]);
    expect((await shelf()).map(({ name, price, stock }) => [name, price, stock.available])).toEqual([
      ['Assam', 12.5, 10],
      ['Bancha, roasted', 9.99, 5],
    ]);
    expect(count((await importFile(mended)).stdout, 'unchanged')).toBe(2);
    expect(count((await importFile(mended.replace('12.5', '13'))).stdout, 'updated')).toBe(1);
    expect((await shelf()).map(({ price, stock }) => [price, stock.available])).toEqual([
      [13, 10],
      [9.99, 5],
    ]);
  });

  it('goes on with a mail when something runs low, one for each time, and a list of what is low', async () => {
    const [assam] = await shelf();
    const buy = async (quantity: number) =>
      succeeded(await jo.post('/orders', lineOf(assam, quantity), { headers: { prefer: 'wait=10' } }), 201);
    await buy(5);
    await buy(2);
    const { mail } = await mailWith(admin.email, new RegExp(`3 left of Assam \\(${sku(1)}\\)`));
    expect(mail.subject).toContain('Low stock');
    const low = async () =>
      (await admin.get<(ProductView & { stock: StockView })[]>('/stock/low?limit=100')).data.filter(
        ({ id }) => id === assam.id,
      );
    expect(await low()).toMatchObject([{ lowStockThreshold: 4, stock: { available: 3 } }]);

    await buy(1);
    succeeded(await admin.post(`/stock/${assam.stock.id}/receipts`, { quantity: 20, reason: 'Delivery' }), 201);
    expect(await low()).toEqual([]);
    await buy(19);
    await mailWith(admin.email, new RegExp(`3 left of Assam \\(${sku(1)}\\)`));
    await eventually(async () => {
      const ours = (await mailsTo(admin.email)).filter(({ subject }) => subject.includes(sku(1)));
      expect(ours).toHaveLength(2);
      expect(new Set(ours.map(({ messageId }) => messageId)).size).toBe(2);
    });
  });

  it('has time to count what is there, and to write down what broke', async () => {
    const [, bancha] = await shelf();
    const broken = { delta: -1, reason: 'Fell from the shelf' };
    succeeded(await admin.post(`/stock/${bancha.stock.id}/adjustments`, broken), 201);
    expect((await stockOf(bancha)).available).toBe(4);
    const { data } = await admin.get<MovementView[]>(`/stock/${bancha.stock.id}/movements`);
    expect(data).toMatchObject([
      { kind: 'adjustment', available: -1, reason: broken.reason },
      { kind: 'receipt', available: 5 },
    ]);
  });

  it('sends an order in two parcels, and gives back what of it arrived broken', async () => {
    const [assam, bancha] = await shelf();
    const items = [lineOf(bancha, 2), lineOf(assam, 2)];
    const { order } = succeeded(await jo.post<PlacedView>('/orders', { items }), 201).data;
    await settled(jo, order.id);
    const send = async (body: object) => {
      const path = `/admin/orders/${order.id}/status`;
      return succeeded(await admin.patch<OrderView>(path, { status: 'SHIPPED', ...body }), 200).data.items;
    };
    const first = await send({ items: [lineOf(bancha, 2), lineOf(assam, 1)] });
    expect(first.map(({ shipped }) => shipped)).toEqual([2, 1]);
    expect((await send({})).map(({ shipped }) => shipped)).toEqual([2, 2]);
    const refund = { lines: [lineOf(bancha)], reason: 'Arrived broken' };
    succeeded(await admin.post(`/admin/orders/${order.id}/refund`, refund), 201);
    const { data } = await jo.get<OrderView>(`/orders/${order.id}`);
    expect(data).toMatchObject({ status: 'SHIPPED', payment: { status: 'PARTIALLY_REFUNDED', refunded: 9.99 } });
    expect(data.items.map(({ refunded }) => refunded)).toEqual([1, 0]);
    // What is broken is not sold again.
    expect((await stockOf(bancha)).available).toBe(2);
  });

  it('closes its books: the file, the list and the dashboard agree', async () => {
    const cancelled = succeeded(await jo.post<PlacedView>('/orders', lineOf((await shelf())[1])), 201).data.order;
    await settled(jo, cancelled.id);
    succeeded(await jo.post(`/orders/${cancelled.id}/cancel`), 200);

    const { text } = succeeded(await admin.get(`/admin/orders/export.csv?from=${from}`), 200);
    const rows = parse<Record<string, string>>(text, { columns: true });
    const list = await admin.get<OrderView[]>(`/admin/orders?from=${from}&limit=100`);
    expect(rows.map(({ id, status, total }) => [id, status, Number(total)])).toEqual(
      list.data.map(({ id, status, total }) => [id, status, total]),
    );

    const report = async <View>(name: string) =>
      succeeded(await admin.get<View>(`/admin/analytics/${name}from=${from}`), 200).data;
    const summary = await report<SummaryView>('summary?');
    const counts = (status: string) => rows.filter((row) => row.status === status).length;
    for (const [status, count] of Object.entries(summary.ordersByStatus))
      expect([status, count]).toEqual([status, counts(status)]);
    expect([counts('CONFIRMED'), counts('SHIPPED'), counts('CANCELLED')]).toEqual([4, 1, 1]);
    const kept = rows.filter(({ status }) => status !== 'CANCELLED');
    const revenue = kept.reduce((sum, { total }) => sum + Number(total), 0) - 9.99;
    expect(summary.revenue).toBeCloseTo(revenue, 2);
    expect(summary.averageOrderValue).toBeCloseTo(revenue / kept.length, 2);

    const { points } = await report<TimeseriesView>('timeseries?interval=hour&');
    expect(points.reduce((sum, point) => sum + point.revenue, 0)).toBeCloseTo(revenue, 2);
    const sold = await report<SoldProductView[]>('top-products?');
    expect(sold.map(({ name, units }) => [name, units])).toEqual([
      ['Assam', 29],
      ['Bancha, roasted', 1],
    ]);
    expect(sold.reduce((sum, product) => sum + product.revenue, 0)).toBeCloseTo(revenue, 2);
  });

  it('ends with taking something out of the shop, which an import does not bring back', async () => {
    const [, bancha] = await shelf();
    expect((await admin.delete(`/products/${bancha.id}`)).status).toBe(204);
    expect((await importFile(header + `${sku(2)},Bancha,${season},8,,\n`)).code).toBe(0);
    expect((await shelf()).map(({ name }) => name)).toEqual(['Assam']);
    expect((await admin.get<ProductView>(`/products/${bancha.id}`)).data).toMatchObject({ price: 8, archived: true });
  });
});
