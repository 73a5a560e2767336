import type { Db } from 'mongodb';
import { productSorts, stock, type Product, type ProductQuery } from '@suite/contracts';
import { each, times } from '../support/client';
import { Service } from '../support/service';
import { reserveBody, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

/** What MongoDB's profiler wrote down of one operation. */
interface Profile {
  op: string;
  ns: string;
  planSummary?: string;
  hasSortStage?: boolean;
  docsExamined?: number;
  command: Record<string, unknown>;
}

/** Asks MongoDB itself how it ran what the service really sends; explaining copies of the queries would prove less. */
describe('the indexes of stock', () => {
  let wires: Wires;
  let service: Service;
  let db: Db;
  let products: Product[];

  beforeAll(async () => {
    wires = await openWires();
    db = wires.database('stock');
    service = await Service.start('apps/stock/src/main.ts', wires.environment);
    products = await each(times(60), 4, (i) =>
      someProduct(wires, { price: 100 + (i % 7), name: `Tea ${i % 9}`, category: `c${i % 2}` }),
    );
  });

  afterAll(async () => {
    await service.stop();
    await wires.close();
  });

  /** The reads and updates that `work` caused. */
  async function profiled(work: () => Promise<unknown>): Promise<Profile[]> {
    await db.command({ profile: 2 });
    await work();
    await db.command({ profile: 0 });
    const collections = ['products', 'stock', 'reservations', 'movements'].map((name) => `${db.databaseName}.${name}`);
    const found = await db
      .collection('system.profile')
      .find({ ns: { $in: collections }, planSummary: { $exists: true } })
      .toArray();
    await db.collection('system.profile').drop();
    return found as unknown as Profile[];
  }

  const summaries = (profiles: Profile[]) =>
    profiles.map(({ ns, planSummary }) => `${ns.split('.')[1]} ${planSummary}`);
  const list = (query: ProductQuery) => wires.ask(stock.products, query);

  it('serve offers', async () => {
    const [one, other] = products;
    const wanted = [{ stockId: one.stock.id }, { productId: other.id }];
    expect(summaries(await profiled(() => wires.ask(stock.offers, { wanted })))).toEqual([
      'products IXSCAN { _id: 1 }, IXSCAN { stockId: 1 }',
      'stock IXSCAN { _id: 1 }',
    ]);
  });

  it('serve everything that moves stock', async () => {
    const body = reserveBody(products[0]);
    const { orderId } = body;
    const profiles = await profiled(async () => {
      await wires.ask(stock.reserve, body);
      await wires.ask(stock.commit, { orderId, epoch: 0 });
      await wires.ask(stock.release, { orderId, epoch: 1 });
      const adjustment = { stockId: products[0].stock.id, delta: 1, reason: 'Delivery' };
      await wires.ask(stock.adjust, adjustment, { caller: someAdmin });
    });
    expect(profiles.length).toBeGreaterThanOrEqual(10);
    expect(summaries(profiles).filter((summary) => !/IXSCAN \{ _id: 1 \}|IDHACK|EOF/.test(summary))).toEqual([]);
    expect(Math.max(...profiles.map(({ docsExamined = 0 }) => docsExamined))).toBe(1);
  });

  it.each(productSorts.map((sort) => ({ sort })))('serve the catalogue by $sort, at any depth', async (query) => {
    const first = await list({ ...query, limit: 50 });
    const profiles = await profiled(() => list({ ...query, limit: 5, cursor: first.meta.nextCursor }));
    const [page] = profiles.filter(({ command }) => JSON.stringify(command).includes('$sort'));
    expect(page.planSummary).toMatch(new RegExp(`^IXSCAN \\{ archived: 1, ${query.sort.replace('-', '')}: `));
    expect(page.hasSortStage).toBeFalsy();
    // The page and the one after it, joined with their stock, and at most the equals of the last one shown.
    expect(page.docsExamined).toBeLessThanOrEqual(2 * 6 + 9);
  });

  it('serve one category, words, and a ledger', async () => {
    const inCategory = await profiled(() => list({ category: 'c1', limit: 5 }));
    const index = '{ archived: 1, category: 1, createdAt: -1, _id: -1 }';
    expect(summaries(inCategory).sort()).toEqual([
      `products COUNT_SCAN ${index}`,
      `products IXSCAN ${index}`,
      'stock IXSCAN { _id: 1 }',
    ]);
    const words = await profiled(() => list({ q: 'tea' }));
    expect(words.map(({ planSummary }) => planSummary)).toContain('IXSCAN { _fts: "text", _ftsx: 1 }');
    const ask = () => wires.ask(stock.movements, { stockId: products[0].stock.id }, { caller: someAdmin });
    const movements = await profiled(ask);
    expect(movements.map(({ planSummary }) => planSummary?.replace(/^\w+/, ''))).toEqual(
      [1, 2].map(() => ' { stockId: 1, version: 1, n: 1 }'),
    );
    expect(movements.filter(({ hasSortStage }) => hasSortStage)).toEqual([]);
  });
});
