import type { Db } from 'mongodb';
import { stock, type CreateProduct, type ProductPage, type StockLow } from '@suite/contracts';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { START_MS } from '../support/gateways';
import { Service } from '../support/service';
import { newId, reserveBody, someAdmin, someCaller, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('a stock that becomes low', () => {
  let wires: Wires;
  let services: Service[];
  let db: Db;

  const start = () => Service.start('apps/stock/src/main.ts', { ...wires.environment, LOW_STOCK_THRESHOLD: '5' });

  beforeAll(async () => {
    wires = await openWires();
    db = wires.database('stock');
    services = await Promise.all([start(), start()]);
  }, START_MS);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await wires.close();
  });

  const asAdmin = { caller: someAdmin };
  const product = (more: Partial<CreateProduct>) => someProduct(wires, more);
  const take = (one: { stock: { id: string } }, quantity: number) =>
    wires.ask(stock.reserve, {
      ...reserveBody(one as never, quantity),
      lines: [{ stockId: one.stock.id, quantity }],
    });
  const receive = (stockId: string, quantity: number) =>
    wires.ask(stock.receive, { stockId, quantity, reason: 'Delivery' }, asAdmin);

  /** What was told of a stock, each crossing once however often it was told. */
  async function told(stockId: string): Promise<StockLow[]> {
    const entries = await wires.redis.xrange('ev:{stock}', '-', '+');
    const facts = entries.map(([, fields]) => JSON.parse(fields[1]) as { p: string; k: string; d: StockLow });
    const ours = facts.filter(({ p, d }) => p === 'stock.low' && d.stockId === stockId);
    return [...new Map(ours.map(({ k, d }) => [k, d])).values()];
  }

  /** All that was written down has been told, and nothing is left to tell. */
  const expectTold = (stockId: string, count: number) =>
    eventually(async () => {
      expect(await db.collection('lowStock').countDocuments({ owed: { $exists: true } })).toBe(0);
      const facts = await told(stockId);
      expect(facts).toHaveLength(count);
      return facts;
    }, { timeoutMs: 20_000 }); // prettier-ignore

  it('is told of once, with what an admin has to know, and again after it was filled up', async () => {
    const tea = await product({ initialStock: 10, lowStockThreshold: 3 });
    await take(tea, 6);
    await take(tea, 2);
    await take(tea, 1);
    const [low] = await expectTold(tea.stock.id, 1);
    expect(low).toEqual({
      stockId: tea.stock.id,
      productId: tea.id,
      sku: tea.sku,
      name: tea.name,
      available: 2,
      threshold: 3,
      version: 3,
      at: expect.any(String),
    });
    // To the threshold is not above it.
    await receive(tea.stock.id, 2);
    await take(tea, 1);
    await expectTold(tea.stock.id, 1);
    await receive(tea.stock.id, 3);
    await take(tea, 1);
    await expectTold(tea.stock.id, 1);
    await take(tea, 1);
    expect((await expectTold(tea.stock.id, 2)).map(({ available }) => available)).toEqual([2, 3]);
  });

  it('is one by the setting, unless the product says otherwise', async () => {
    const [usual, never, changed] = await Promise.all([
      product({ initialStock: 6 }),
      product({ initialStock: 6, lowStockThreshold: -1 }),
      product({ initialStock: 6, lowStockThreshold: 0 }),
    ]);
    await wires.ask(stock.updateProduct, { id: changed.id, lowStockThreshold: 5 }, asAdmin);
    for (const one of [usual, never, changed]) await take(one, 1);
    expect((await expectTold(usual.stock.id, 1))[0]).toMatchObject({ available: 5, threshold: 5 });
    await expectTold(changed.stock.id, 1);
    await take(never, 5);
    await expectTold(never.stock.id, 0);
  });

  it('is told of once when two replicas sell it to many at once', async () => {
    const tea = await product({ initialStock: 200, lowStockThreshold: 50 });
    await each(times(300), 64, () => take(tea, 1));
    expect((await expectTold(tea.stock.id, 1))[0]).toMatchObject({ threshold: 50 });
    await receive(tea.stock.id, 60);
    await each(times(20), 8, () => take(tea, 1));
    await expectTold(tea.stock.id, 2);
  });

  it('is none when it is created so, or when its threshold is raised: whoever did that knows', async () => {
    const tea = await product({ initialStock: 1 });
    const other = await product({ initialStock: 8 });
    await wires.ask(stock.updateProduct, { id: other.id, lowStockThreshold: 9 }, asAdmin);
    await take(other, 1);
    await expectTold(tea.stock.id, 0);
    await expectTold(other.stock.id, 0);
  });

  it('is nobody’s concern once it has left the shop', async () => {
    const tea = await product({ initialStock: 6 });
    await wires.ask(stock.archiveProduct, { id: tea.id }, asAdmin);
    await take(tea, 1);
    await expectTold(tea.stock.id, 0);
    expect(await db.collection<{ _id: string }>('lowStock').findOne({ _id: `${tea.stock.id}.2` })).not.toBeNull();
  });

  it(
    'is told of though everybody who could tell it was killed',
    async () => {
      const tea = await product({ initialStock: 6 });
      await take(tea, 1);
      for (const service of services) service.process.kill('SIGKILL');
      await Promise.all(services.map((service) => service.stop()));
      // As if nobody had come to it: the first sweep may have been quicker than the kill.
      await db.collection('lowStock').updateMany({ version: 2 }, { $set: { owed: new Date() } });
      services = await Promise.all([start(), start()]);
      await expectTold(tea.stock.id, 1);
    },
    START_MS,
  );

  it('is told of again, as the same, when Redis has forgotten it', async () => {
    const tea = await product({ initialStock: 6 });
    await take(tea, 1);
    await expectTold(tea.stock.id, 1);
    await wires.redis.flushdb();
    expect((await expectTold(tea.stock.id, 1))[0]).toMatchObject({ version: 2 });
  });

  it('is in the list of what is low, the scarcest first, until it is filled up or archived', async () => {
    const made = await each([4, 0, 9, 2], 1, (initialStock) => product({ initialStock, lowStockThreshold: 4 }));
    const [four, none, , two] = made.map(({ id }) => id);
    const skus = new Set(made.map(({ id }) => id));
    const low = async () => {
      const { items } = await wires.ask(stock.lowStock, { limit: 100 }, asAdmin);
      return items.map(({ id }) => id).filter((id) => skus.has(id));
    };
    expect(await low()).toEqual([none, two, four]);
    await receive(made[3].stock.id, 3);
    await wires.ask(stock.archiveProduct, { id: none }, asAdmin);
    expect(await low()).toEqual([four]);

    const whole = await wires.ask(stock.lowStock, { limit: 100 }, asAdmin);
    expect(whole.items.every(({ lowStockThreshold, stock: { available } }) => available <= lowStockThreshold!)).toBe(
      true,
    );
    const byCursor = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: ProductPage = await wires.ask(stock.lowStock, { limit: 2, ...(cursor && { cursor }) }, asAdmin);
      byCursor.push(...page.items);
      expect(page.meta.total).toBe(whole.meta.total);
      cursor = page.meta.nextCursor;
    }
    expect(byCursor).toEqual(whole.items);
    const second = await wires.ask(stock.lowStock, { limit: 1, page: 2 }, asAdmin);
    expect(second.items).toEqual(whole.items.slice(1, 2));
  });

  it('is for admins to see to', async () => {
    await expect(wires.ask(stock.lowStock, {}, { caller: someCaller() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const body = { stockId: newId(), quantity: 1, reason: 'Mine' };
    await expect(wires.ask(stock.receive, body, { caller: someCaller() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(wires.ask(stock.receive, body, asAdmin)).rejects.toMatchObject({ code: 'STOCK_NOT_FOUND' });
  });
});
