import { stock, type ImportRow, type ProductQuery } from '@suite/contracts';
import { times } from '../support/client';
import { START_MS } from '../support/gateways';
import { Service } from '../support/service';
import { expectSound, productBody, someAdmin, someCaller, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('an import of products', () => {
  let wires: Wires;
  let services: Service[];

  beforeAll(async () => {
    wires = await openWires();
    services = await Promise.all([1, 2].map(() => Service.start('apps/stock/src/main.ts', wires.environment)));
  }, START_MS);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await wires.close();
  });

  const asAdmin = { caller: someAdmin };
  const send = async (rows: ImportRow[], dryRun = false) =>
    (await wires.ask(stock.importProducts, { rows, dryRun }, asAdmin)).rows.map(({ outcome }) => outcome);
  const find = async (query: ProductQuery) => (await wires.ask(stock.products, query, asAdmin)).items;
  const get = (id: string) => wires.ask(stock.product, { id }, asAdmin);
  const count = (name: string) => wires.database('stock').collection(name).countDocuments();

  it('makes what is new, with its stock and a receipt, as if each had been made by itself', async () => {
    const rows = times(30).map((i) => productBody({ category: 'import', name: `Tea ${i}`, initialStock: i }));
    expect(await send(rows)).toEqual(rows.map(() => 'created'));
    const made = await find({ category: 'import', sort: 'createdAt', limit: 100 });
    expect(made).toHaveLength(30);
    const last = made.find(({ name }) => name === 'Tea 29')!;
    expect(last).toMatchObject({ sku: rows[29].sku, version: 1, stock: { available: 29, version: 1 } });
    await expectSound(wires.database('stock'), last.stock.id);
    const ledger = await wires.ask(stock.movements, { stockId: last.stock.id }, asAdmin);
    expect(ledger.items).toMatchObject([{ kind: 'receipt', available: 29, by: someAdmin.userId }]);
  });

  it('changes nothing when it comes again, and only what differs when that differs', async () => {
    const rows = [1, 2].map((price) => productBody({ category: 'again', price, lowStockThreshold: 3 }));
    await send(rows);
    expect(await send(rows)).toEqual(['unchanged', 'unchanged']);
    expect(await send([{ ...rows[0], price: 9 }, rows[1]])).toEqual(['updated', 'unchanged']);
    const seen = await find({ category: 'again', sort: 'price' });
    expect(seen).toMatchObject([
      { price: 2, version: 1, lowStockThreshold: 3 },
      { price: 9, version: 2, lowStockThreshold: 3, stock: { available: 10, version: 1 } },
    ]);
  });

  it('leaves alone what a row does not say, and the goods whatever it says', async () => {
    const tea = await someProduct(wires, { description: 'Green', imageUrl: 'https://example.com/a.jpg' });
    await send([{ sku: tea.sku, price: 5, initialStock: 500, lowStockThreshold: 7 }]);
    const after = await get(tea.id);
    expect(after).toEqual({ ...tea, replayed: undefined, price: 5, version: 2, lowStockThreshold: 7 });
    await send([{ sku: tea.sku, imageUrl: '' }]);
    expect(await get(tea.id)).not.toHaveProperty('imageUrl');
  });

  it('says of each row what became of it; one that fails is no harm to the others', async () => {
    const tea = await someProduct(wires);
    const good = productBody();
    const { rows } = await wires.ask(
      stock.importProducts,
      { rows: [{ sku: 'NAMELESS', price: 1 }, good, { sku: tea.sku, name: 'Renamed' }] },
      asAdmin,
    );
    expect(rows).toEqual([
      {
        sku: 'NAMELESS',
        outcome: 'failed',
        code: 'VALIDATION_FAILED',
        errors: [expect.objectContaining({ path: 'name' })],
      },
      { sku: good.sku, outcome: 'created' },
      { sku: tea.sku, outcome: 'updated' },
    ]);
  });

  it('does nothing in a dry run but say what it would do', async () => {
    const tea = await someProduct(wires);
    const before = await Promise.all(['products', 'stock', 'movements'].map(count));
    expect(await send([productBody(), { sku: tea.sku, price: 1 }, { sku: tea.sku }], true)).toEqual(
      ['created', 'updated', 'updated'].with(2, 'unchanged'),
    );
    expect(await Promise.all(['products', 'stock', 'movements'].map(count))).toEqual(before);
    expect(await get(tea.id)).toMatchObject({ price: tea.price, version: 1 });
  });

  it('keeps what is archived archived, though it changes it', async () => {
    const tea = await someProduct(wires, { category: 'shelved' });
    await wires.ask(stock.archiveProduct, { id: tea.id }, asAdmin);
    expect(await send([{ sku: tea.sku, price: 3 }])).toEqual(['updated']);
    expect(await get(tea.id)).toMatchObject({ price: 3, archived: true });
    expect(await find({ category: 'shelved' })).toEqual([]);
    expect(await find({ category: 'shelved', archived: true })).toMatchObject([{ id: tea.id }]);
  });

  it('makes a product once, though the same rows come to two replicas at once, and an admin makes one by hand', async () => {
    const rows = times(20).map(() => productBody({ category: 'at once' }));
    const [byHand] = rows;
    const all = await Promise.allSettled([
      ...times(6).map(() => send(rows)),
      wires.ask(stock.createProduct, byHand, asAdmin),
    ]);
    const imports = all.slice(0, 6).map((one) => (one as PromiseFulfilledResult<string[]>).value);
    const created = imports.flat().filter((outcome) => outcome === 'created').length;
    expect(created + (all[6].status === 'fulfilled' ? 1 : 0)).toBe(20);
    expect(await find({ category: 'at once', limit: 100 })).toHaveLength(20);
  });

  it('is for admins', async () => {
    const asUser = { caller: someCaller() };
    const asked = wires.ask(stock.importProducts, { rows: [productBody()] }, asUser);
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(wires.ask(stock.products, { archived: true }, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(wires.ask(stock.products, { archived: true })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const { id } = await someProduct(wires);
    await expect(wires.ask(stock.restoreProduct, { id }, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
