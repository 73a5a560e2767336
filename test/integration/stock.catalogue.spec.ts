import { stock, type Product, type ProductQuery } from '@suite/contracts';
import { Service } from '../support/service';
import { expectSound, newId, productBody, reserveBody, someAdmin, someCaller, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('the catalogue', () => {
  let wires: Wires;
  let service: Service;

  beforeAll(async () => {
    wires = await openWires();
    service = await Service.start('apps/stock/src/main.ts', wires.environment);
  });

  afterAll(async () => {
    await service.stop();
    await wires.close();
  });

  const asAdmin = { caller: someAdmin };
  const list = (query: ProductQuery) => wires.ask(stock.products, query);
  const get = (id: string, caller = someCaller()) => wires.ask(stock.product, { id }, { caller });

  describe('a product', () => {
    it('begins with its stock and a receipt', async () => {
      const body = productBody({ imageUrl: 'https://example.com/sencha.jpg', initialStock: 7 });
      const { replayed, ...made } = await wires.ask(stock.createProduct, body, asAdmin);
      expect(replayed).toBe(false);
      expect(made).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        sku: body.sku,
        name: body.name,
        description: '',
        category: 'general',
        price: 1_999,
        currency: 'USD',
        imageUrl: body.imageUrl,
        version: 1,
        archived: false,
        createdAt: expect.any(String),
        lowStockThreshold: 5,
        stock: { id: expect.stringMatching(/^[0-9a-f]{24}$/), available: 7, reserved: 0, version: 1 },
      });
      expect(await get(made.id, someAdmin)).toEqual(made);
      const { lowStockThreshold: _forAdmins, ...shown } = made;
      expect(await wires.ask(stock.product, { id: made.id })).toEqual(shown);
      const ledger = await wires.ask(stock.movements, { stockId: made.stock.id }, asAdmin);
      expect(ledger.items).toMatchObject([{ kind: 'receipt', available: 7, version: 1, by: someAdmin.userId }]);
      await expectSound(wires.database('stock'), made.stock.id);
    });

    it('has a sku of its own, also when two want it at once', async () => {
      const body = productBody();
      const tries = await Promise.allSettled([1, 2, 3].map(() => wires.ask(stock.createProduct, body, asAdmin)));
      const refused = tries.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused).toMatchObject([{ code: 'SKU_TAKEN' }, { code: 'SKU_TAKEN' }]);
    });

    it('is created once a key, and answered as it was then', async () => {
      const body = productBody();
      const keyed = { ...asAdmin, idempotencyKey: 'new-tea' };
      const together = await Promise.all([1, 2, 3].map(() => wires.ask(stock.createProduct, body, keyed)));
      const first = together.find(({ replayed }) => !replayed)!;
      expect(together.map(({ id }) => id)).toEqual([first.id, first.id, first.id]);

      await wires.ask(stock.updateProduct, { id: first.id, price: 5 }, asAdmin);
      await wires.ask(stock.reserve, reserveBody(first));
      expect(await wires.ask(stock.createProduct, body, keyed)).toEqual({ ...first, replayed: true });
      const other = wires.ask(stock.createProduct, { ...body, price: 1 }, keyed);
      await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      const somebodyElse = { caller: someCaller({ role: 'admin' }), idempotencyKey: 'new-tea' };
      await expect(wires.ask(stock.createProduct, body, somebodyElse)).rejects.toMatchObject({ code: 'SKU_TAKEN' });
    });

    it('changes for whoever knows its version, and for whoever does not care', async () => {
      const { id } = await someProduct(wires);
      const changed = await wires.ask(stock.updateProduct, { id, version: 1, price: 5, name: 'Gyokuro' }, asAdmin);
      expect(changed).toMatchObject({ price: 5, name: 'Gyokuro', version: 2 });
      await expect(wires.ask(stock.updateProduct, { id, version: 1, price: 6 }, asAdmin)).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        extra: { version: 2 },
      });
      expect(await wires.ask(stock.updateProduct, { id, price: 7 }, asAdmin)).toMatchObject({ price: 7, version: 3 });
      expect(await wires.ask(stock.updateProduct, { id }, asAdmin)).toMatchObject({ version: 3 });
    });

    it('cannot take the sku of another, nor be changed if there is none', async () => {
      const [one, other] = [await someProduct(wires), await someProduct(wires)];
      const taken = wires.ask(stock.updateProduct, { id: one.id, sku: other.sku }, asAdmin);
      await expect(taken).rejects.toMatchObject({ code: 'SKU_TAKEN' });
      for (const contract of [stock.updateProduct, stock.archiveProduct]) {
        await expect(wires.ask(contract, { id: newId() }, asAdmin)).rejects.toMatchObject({
          code: 'PRODUCT_NOT_FOUND',
        });
      }
    });

    it('that is archived is there for admins only', async () => {
      const product = await someProduct(wires, { category: 'archived' });
      for (const _again of [1, 2]) await wires.ask(stock.archiveProduct, { id: product.id }, asAdmin);
      expect(await get(product.id, someAdmin)).toMatchObject({ archived: true, version: 2 });
      await expect(get(product.id)).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
      await expect(wires.ask(stock.product, { id: product.id })).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
      expect((await list({ category: 'archived' })).items).toEqual([]);
    });

    it('is written by admins only', async () => {
      const asUser = { caller: someCaller() };
      const { id } = await someProduct(wires);
      await expect(wires.ask(stock.createProduct, productBody(), asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(wires.ask(stock.updateProduct, { id, price: 1 }, asUser)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
      await expect(wires.ask(stock.archiveProduct, { id })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    });
  });

  describe('lists', () => {
    const shelf = 'shelf';
    const shelved: Product[] = [];
    const names = (products: Product[]) => products.map(({ name }) => name);

    beforeAll(async () => {
      const teas: [string, number, number, string?][] = [
        ['Assam, second flush', 900, 5, 'Malty and strong'],
        ['Sencha, first flush', 1_500, 0, 'Fresh and green'],
        ['Darjeeling, first flush', 1_500, 3],
        ['Genmaicha', 700, 0, 'Sencha with roasted rice'],
        ['Café au thé', 1_200, 1],
      ];
      for (const [name, price, initialStock, description] of teas) {
        shelved.push(await someProduct(wires, { name, price, initialStock, description, category: shelf }));
      }
    });

    it.each<[string, ProductQuery, string[]]>([
      ['newest first', {}, ['Café', 'Genmaicha', 'Darjeeling', 'Sencha', 'Assam']],
      ['oldest first', { sort: 'createdAt' }, ['Assam', 'Sencha', 'Darjeeling', 'Genmaicha', 'Café']],
      ['cheapest first', { sort: 'price' }, ['Genmaicha', 'Assam', 'Café', 'Sencha', 'Darjeeling']],
      ['dearest first', { sort: '-price' }, ['Darjeeling', 'Sencha', 'Café', 'Assam', 'Genmaicha']],
      ['by name', { sort: 'name' }, ['Assam', 'Café', 'Darjeeling', 'Genmaicha', 'Sencha']],
      ['within a range of prices', { minPrice: 900, maxPrice: 1_200 }, ['Café', 'Assam']],
      ['what there is', { inStock: true }, ['Café', 'Darjeeling', 'Assam']],
      ['what there is not', { inStock: false, sort: 'name' }, ['Genmaicha', 'Sencha']],
      ['what has a word anywhere', { q: 'sencha' }, ['Genmaicha', 'Sencha']],
      ['what has all words', { q: 'FIRST sencha' }, ['Sencha']],
      ['what has a word, with or without accents', { q: 'cafe' }, ['Café']],
      ['words only, whatever they are made of', { q: '"-$ sencha\\' }, []],
      ['all filters together', { q: 'flush', inStock: true, maxPrice: 1_000 }, ['Assam']],
    ])('%s', async (_what, query, expected) => {
      const { items, meta } = await list({ category: shelf, ...query });
      expect(names(items).map((name) => /\w+é?/.exec(name)![0])).toEqual(expected);
      expect(meta).toEqual({ total: expected.length, page: 1, limit: 20 });
    });

    it('find a product by its sku', async () => {
      expect(names((await list({ q: shelved[2].sku.toLowerCase() })).items)).toEqual([shelved[2].name]);
    });

    it.each<[string, ProductQuery]>([
      ['newest first', {}],
      ['by name', { sort: 'name' }],
      ['by price, where two are equal', { sort: 'price' }],
      ['by price downwards', { sort: '-price' }],
      ['found by a word', { q: 'flush' }],
      ['with stock', { inStock: true, sort: 'price' }],
    ])('go on %s by cursor and by page alike', async (_what, query) => {
      const whole = await list({ category: shelf, ...query });
      const byCursor: Product[] = [];
      const byPage: Product[] = [];
      let cursor: string | undefined;
      for (let page = 1; byCursor.length < whole.items.length; page++) {
        const next = await list({ category: shelf, ...query, limit: 2, ...(cursor ? { cursor } : {}) });
        byCursor.push(...next.items);
        byPage.push(...(await list({ category: shelf, ...query, limit: 2, page })).items);
        expect(next.meta.total).toBe(whole.meta.total);
        cursor = next.meta.nextCursor;
        expect(cursor === undefined).toBe(byCursor.length === whole.items.length);
      }
      expect(byCursor).toEqual(whole.items);
      expect(byPage).toEqual(whole.items);
    });

    it('refuse a cursor of another list', async () => {
      const { meta } = await list({ category: shelf, sort: 'price', limit: 1 });
      const asked = list({ sort: 'name', cursor: meta.nextCursor });
      await expect(asked).rejects.toMatchObject({ code: 'VALIDATION_FAILED', extra: { errors: [{ path: 'cursor' }] } });
    });

    it('show availability as it is this moment', async () => {
      const product = shelved[0];
      await wires.ask(stock.reserve, reserveBody(product, 2));
      const [found] = (await list({ q: product.sku })).items;
      expect(found.stock).toEqual({ id: product.stock.id, available: 3, reserved: 2, version: 2 });
    });
  });
});
