import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf, newCustomer, succeeded, theAdmin, unique } from '../support/builders';
import { anonymous, BASE_URL } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo, mailWith } from '../support/mailbox';
import type { ProductView, StockView } from '../support/views';

const folder = mkdtempSync(join(tmpdir(), 'catalogue-day-'));
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
  const season = `season-${unique()}`;
  const sku = (n: number) => `DAY-${season.slice(-12)}-${n}`;
  const header = 'sku,name,category,price,initialStock,lowStockThreshold\n';
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
    const admin = await theAdmin();
    const jo = await newCustomer();
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

  it('ends with taking something out of the shop, which an import does not bring back', async () => {
    const admin = await theAdmin();
    const [, bancha] = await shelf();
    expect((await admin.delete(`/products/${bancha.id}`)).status).toBe(204);
    expect((await importFile(header + `${sku(2)},Bancha,${season},8,,\n`)).code).toBe(0);
    expect((await shelf()).map(({ name }) => name)).toEqual(['Assam']);
    expect((await admin.get<ProductView>(`/products/${bancha.id}`)).data).toMatchObject({ price: 8, archived: true });
  });
});
