import type { Db } from 'mongodb';
import { stock, type Product, type ProductQuery } from '@suite/contracts';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { START_MS } from '../support/gateways';
import { Service } from '../support/service';
import { productBody, reserveBody, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

/** Whoever asks is answered by one of two replicas, now this one, now that one. */
describe('the catalogue, kept in Redis', () => {
  let wires: Wires;
  let services: Service[];
  let db: Db;

  beforeAll(async () => {
    wires = await openWires();
    db = wires.database('stock');
    services = await Promise.all([1, 2].map(() => Service.start('apps/stock/src/main.ts', wires.environment)));
  }, START_MS);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await wires.close();
  });

  const asAdmin = { caller: someAdmin };
  const get = (id: string) => wires.ask(stock.product, { id });
  const list = (query: ProductQuery) => wires.ask(stock.products, query);
  /** Until it is answered: on a crowded machine there is weather now and then. */
  const change = (product: Product, price: number) =>
    eventually(() => wires.ask(stock.updateProduct, { id: product.id, price }, asAdmin));

  /** How often MongoDB was asked for products while `work` was done. */
  async function productReads(work: () => Promise<unknown>): Promise<number> {
    await db.command({ profile: 2 });
    await work();
    await db.command({ profile: 0 });
    const ns = `${db.databaseName}.products`;
    const reads = await db.collection('system.profile').countDocuments({ ns, op: { $in: ['query', 'command'] } });
    await db.collection('system.profile').drop();
    return reads;
  }

  it('spares MongoDB what has been read before', async () => {
    const tea = await someProduct(wires, { category: 'spared' });
    const look = () =>
      Promise.all([
        get(tea.id),
        list({ category: 'spared' }),
        list({ sort: 'price' }),
        wires.ask(stock.categories, {}),
      ]);
    expect(await productReads(look)).toBeGreaterThanOrEqual(4);
    expect(await productReads(look)).toBe(0);
    await change(tea, 5);
    expect(await productReads(look)).toBeGreaterThanOrEqual(4);
  });

  it.each<[string, ProductQuery]>([
    ['what somebody types in', { q: 'sencha' }],
    ['what somebody can afford', { maxPrice: 2_000 }],
    ['what is far down', { page: 6 }],
    ['what there is just now', { inStock: true }],
  ])('does not fill Redis with %s', async (_what, query) => {
    await list(query);
    expect(await productReads(() => list(query))).toBeGreaterThan(0);
  });

  it('shows how many there are as it is this moment', async () => {
    const tea = await someProduct(wires, { category: 'live', initialStock: 5 });
    for (const left of [4, 3, 2]) {
      await wires.ask(stock.reserve, reserveBody(tea));
      expect((await get(tea.id)).stock.available).toBe(left);
      expect((await list({ category: 'live' })).items[0].stock.available).toBe(left);
    }
  });

  it('shows every kind of change as soon as it is answered', async () => {
    const category = 'changing';
    const names = async () => (await list({ category })).items.map(({ name }) => name);
    const counted = async () =>
      (await wires.ask(stock.categories, {})).items.find(({ name }) => name === category)?.products;
    expect([await names(), await counted()]).toEqual([[], undefined]);
    const tea = await someProduct(wires, { category, name: 'Sencha' });
    expect([await names(), await counted()]).toEqual([['Sencha'], 1]);
    await wires.ask(stock.updateProduct, { id: tea.id, name: 'Gyokuro' }, asAdmin);
    expect([await names(), (await get(tea.id)).name]).toEqual([['Gyokuro'], 'Gyokuro']);
    await wires.ask(stock.archiveProduct, { id: tea.id }, asAdmin);
    expect([await names(), await counted()]).toEqual([[], undefined]);
    await expect(get(tea.id)).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
    await wires.ask(stock.restoreProduct, { id: tea.id }, asAdmin);
    expect([await names(), await counted()]).toEqual([['Gyokuro'], 1]);
    const rows = [{ sku: tea.sku, name: 'Matcha' }, productBody({ category, name: 'Hojicha' })];
    await wires.ask(stock.importProducts, { rows }, asAdmin);
    expect([await names(), await counted()]).toEqual([['Hojicha', 'Matcha'], 2]);
  });

  it('never shows a price that is older than one that was answered before, however many look and change', async () => {
    const tea = await someProduct(wires, { category: 'hot', price: 1 });
    let answered = 1;
    let stale = 0;
    let looks = 0;
    let changing = true;
    const looker = async () => {
      while (changing) {
        const least = answered;
        const [one, page] = await eventually(() => Promise.all([get(tea.id), list({ category: 'hot' })]));
        looks++;
        if (one.price < least || page.items[0].price < least) stale++;
      }
    };
    const writer = async () => {
      for (const price of times(40).map((n) => n + 2)) answered = (await change(tea, price)).price;
      changing = false;
    };
    // Others change something else at the same time, and so open what the writer has closed.
    const other = await someProduct(wires);
    const disturber = async () => {
      for (let price = 1; changing; price++) await change(other, price);
    };
    await Promise.all([writer(), disturber(), ...times(4).map(looker)]);
    expect(looks).toBeGreaterThan(20);
    expect(stale).toBe(0);
  });

  it('goes on, and is right, when a replica dies in the middle of a change', async () => {
    const tea = await someProduct(wires, { price: 1 });
    await get(tea.id);
    await wires.redis.set('cache:{catalogue}', 'closed', 'EX', 60);
    await db.collection('products').updateOne({ sku: tea.sku }, { $set: { price: 2 } });
    services[0].process.kill('SIGKILL');
    await eventually(async () => expect((await get(tea.id)).price).toBe(2), { timeoutMs: 15_000 });
  });
});
