import { lineOf, newCustomer, newProduct, succeeded, theAdmin, unique } from '../support/builders';
import { anonymous, Client } from '../support/client';
import type { CategoryView, OrderView, ProductView } from '../support/views';

const list = (query: string) => anonymous.get<ProductView[]>(`/products?${query}`);

describe('the catalogue', () => {
  it('is open to anyone and has something to buy', async () => {
    const { status, body, data, meta } = await anonymous.get<ProductView[]>('/products?limit=100');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'success', meta: { page: 1, limit: 100 } });
    expect(meta.total).toBeGreaterThanOrEqual(24);
    expect(data[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      sku: expect.any(String) as string,
      currency: 'USD',
      stock: { id: expect.stringMatching(/^[0-9a-f]{24}$/) as string, available: expect.any(Number) as number },
    });
    expect(Object.keys(data[0])).not.toEqual(expect.arrayContaining(['_id', '__v']));
  });

  it('is narrowed by words, category, price and what is in stock, and sorted', async () => {
    const category = `c-${unique()}`;
    const make = (name: string, price: number, stock: number) => newProduct({ name, price, stock, category });
    const sencha = await make('Sencha green', 12.5, 5);
    const oolong = await make('Oolong dark', 30, 0);
    const mate = await make('Mate', 0.99, 9);
    const found = async (query: string) => (await list(`category=${category}&${query}`)).data.map(({ id }) => id);
    expect(await found('sort=price')).toEqual([mate.id, sencha.id, oolong.id]);
    expect(await found('sort=-price')).toEqual([oolong.id, sencha.id, mate.id]);
    expect(await found('sort=name')).toEqual([mate.id, oolong.id, sencha.id]);
    expect(await found('sort=createdAt')).toEqual([sencha.id, oolong.id, mate.id]);
    expect(await found('')).toEqual([mate.id, oolong.id, sencha.id]);
    expect(await found('minPrice=12.5&maxPrice=30&sort=price')).toEqual([sencha.id, oolong.id]);
    expect(await found('maxPrice=12.49')).toEqual([mate.id]);
    expect(await found('inStock=true&sort=price')).toEqual([mate.id, sencha.id]);
    expect(await found('q=oolong')).toEqual([oolong.id]);
  });

  it('is read page by page, by number or by cursor, without gaps or repetitions', async () => {
    const category = `c-${unique()}`;
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await newProduct({ category })).id);
    const byNumber = [];
    for (const page of [1, 2, 3]) byNumber.push(...(await list(`category=${category}&limit=2&page=${page}`)).data);
    expect(byNumber.map(({ id }) => id)).toEqual(made);

    const byCursor: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { data, meta } = succeeded(await list(`category=${category}&limit=2${query}`), 200);
      byCursor.push(...data.map(({ id }) => id));
      expect(meta.total).toBe(5);
      cursor = meta.nextCursor;
    }
    expect(byCursor).toEqual(made);
  });

  it('says nothing new with 304 while nothing is new', async () => {
    const tea = await newProduct({ stock: 5 });
    const first = await anonymous.get<ProductView>(`/products/${tea.id}`);
    const etag = String(first.headers.etag);
    const again = () => anonymous.get<ProductView>(`/products/${tea.id}`, { headers: { 'if-none-match': etag } });
    const same = await again();
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', etag]);
    const jo = await newCustomer();
    succeeded(await jo.post('/orders', lineOf(tea, 2), { headers: { prefer: 'wait=10' } }), 201);
    const changed = await again();
    expect([changed.status, changed.data.stock.available]).toEqual([200, 3]);
    expect(changed.headers.etag).not.toBe(etag);
  });

  it('says nothing new with 304 of a list, until something on it changes', async () => {
    const category = `c-${unique()}`;
    const tea = await newProduct({ category, stock: 5 });
    const path = `/products?category=${category}`;
    const etag = String((await anonymous.get(path)).headers.etag);
    const again = () => anonymous.get<ProductView[]>(path, { headers: { 'if-none-match': etag } });
    expect([(await again()).status, (await again()).text]).toEqual([304, '']);
    const jo = await newCustomer();
    succeeded(await jo.post('/orders', lineOf(tea), { headers: { prefer: 'wait=10' } }), 201);
    expect([(await again()).status, (await again()).data[0].stock.available]).toEqual([200, 4]);
  });

  it('counts what is in each category, the fullest first', async () => {
    const [more, less] = [`c-${unique()}`, `c-${unique()}`];
    const made = [await newProduct({ category: less }), await newProduct({ category: more })];
    const [, tea] = [...made, await newProduct({ category: more, stock: 0 })];
    const counted = async () => {
      const { data } = await anonymous.get<CategoryView[]>('/products/categories');
      expect(data.map(({ products }) => products)).toEqual(data.map(({ products }) => products).sort((a, b) => b - a));
      return data.filter(({ name }) => [more, less].includes(name)).map(({ name, products }) => [name, products]);
    };
    expect(await counted()).toEqual([[more, 2], [less, 1]]); // prettier-ignore
    await (await theAdmin()).delete(`/products/${tea.id}`);
    expect(new Map((await counted()) as [string, number][])).toEqual(new Map([[more, 1], [less, 1]])); // prettier-ignore
  });
});

describe('an admin of the catalogue', () => {
  it('adds a product, which is in the catalogue at once, with its stock', async () => {
    const admin = await theAdmin();
    const body = {
      sku: `TEST-${unique()}`,
      name: 'Zhēnmíng 珍眉 & <b>Söhne</b>',
      description: 'Spring',
      category: 'tea',
      imageUrl: 'https://example.com/tea.jpg',
      price: 999.99,
      initialStock: 7,
    };
    const { status, data } = await admin.post<ProductView>('/products', body);
    const { initialStock, ...kept } = body;
    expect(status).toBe(201);
    expect(data).toMatchObject({ ...kept, currency: 'USD', stock: { available: initialStock } });
    const seen = await anonymous.get<ProductView>(`/products/${data.id}`);
    expect(seen.data).toMatchObject(kept);
    expect((await list(`q=${body.sku}`)).data.map(({ id }) => id)).toContain(data.id);
  });

  it('adds it once, though it is sent again with the same key', async () => {
    const admin = await theAdmin();
    const body = { sku: `TEST-${unique()}`, name: 'Once', price: 1 };
    const send = () => admin.post<ProductView>('/products', body, { idempotencyKey: `once-${body.sku}` });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.data.id).toBe(first.data.id);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('changes it; the version grows, and what is stale is refused', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ price: 10 });
    const path = `/products/${tea.id}`;
    const dearer = await admin.patch<ProductView>(
      path,
      { price: 11.5 },
      { headers: { 'if-match': `"${tea.version}"` } },
    );
    expect([dearer.status, dearer.data.price]).toEqual([200, 11.5]);
    expect(dearer.data.version).toBeGreaterThan(tea.version);
    expect((await anonymous.get<ProductView>(path)).data.price).toBe(11.5);
    const stale = await admin.patch(path, { price: 1 }, { headers: { 'if-match': `"${tea.version}"` } });
    expect([stale.status, stale.code]).toEqual([412, 'VERSION_CONFLICT']);
    expect((await admin.patch<ProductView>(path, { name: 'Renamed' })).data).toMatchObject({
      name: 'Renamed',
      price: 11.5,
    });
  });

  it('lets one of two win who change the same version at once', async () => {
    const admin = await theAdmin();
    const tea = await newProduct();
    const change = (price: number) =>
      admin.patch(`/products/${tea.id}`, { price }, { headers: { 'if-match': `"${tea.version}"` } });
    const replies = await Promise.all([1, 2, 3, 4].map(change));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  it('cannot use a sku twice', async () => {
    const admin = await theAdmin();
    const tea = await newProduct();
    const again = await admin.post('/products', { sku: tea.sku, name: 'Other', price: 1 });
    expect([again.status, again.code]).toEqual([409, 'SKU_TAKEN']);
    const other = await newProduct();
    const renamed = await admin.patch(`/products/${other.id}`, { sku: tea.sku });
    expect([renamed.status, renamed.code]).toEqual([409, 'SKU_TAKEN']);
  });

  it('archives it: gone for customers, still there for admins and in old orders', async () => {
    const admin = await theAdmin();
    const jo = await newCustomer();
    const tea = await newProduct();
    const placed = await jo.post<{ order: OrderView }>('/orders', lineOf(tea));
    const archived = await admin.delete(`/products/${tea.id}`);
    expect([archived.status, archived.text]).toEqual([204, '']);
    const gone = await anonymous.get(`/products/${tea.id}`);
    expect([gone.status, gone.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    expect((await list(`q=${tea.sku}`)).data).toEqual([]);
    expect((await admin.get(`/products/${tea.id}`)).status).toBe(200);
    const order = await jo.post('/orders', lineOf(tea));
    expect([order.status, order.code]).toEqual([404, 'STOCK_NOT_FOUND']);
    const old = await jo.get<OrderView>(`/orders/${placed.data.order.id}`);
    expect(old.data.items[0]).toMatchObject({ sku: tea.sku, name: tea.name, price: tea.price });
  });

  it('finds archived products again, and puts one back on sale', async () => {
    const admin = await theAdmin();
    const category = `c-${unique()}`;
    const [tea, other] = [await newProduct({ category }), await newProduct({ category })];
    await admin.delete(`/products/${tea.id}`);
    const found = async (query: string) =>
      (await admin.get<ProductView[]>(`/products?category=${category}${query}`)).data.map(({ id }) => id);
    expect([await found(''), await found('&archived=true')]).toEqual([[other.id], [tea.id]]);
    const back = await admin.post<ProductView>(`/products/${tea.id}/restore`);
    expect([back.status, back.data.archived]).toEqual([200, undefined]);
    expect([await found('&sort=createdAt'), await found('&archived=true')]).toEqual([[tea.id, other.id], []]);
    const jo = await newCustomer();
    expect((await jo.post('/orders', lineOf(tea))).status).toBe(201);
    expect((await admin.post(`/products/${tea.id}/restore`)).status).toBe(200);
  });

  it('gives it a picture, and takes it away again', async () => {
    const admin = await theAdmin();
    const tea = await newProduct({ imageUrl: 'https://example.com/a.jpg' });
    const path = `/products/${tea.id}`;
    expect((await admin.patch<ProductView>(path, { imageUrl: 'http://cdn/b.jpg' })).data.imageUrl).toBe(
      'http://cdn/b.jpg',
    );
    expect((await admin.patch<ProductView>(path, { imageUrl: '' })).data).not.toHaveProperty('imageUrl');
    expect((await anonymous.get<ProductView>(path)).data).not.toHaveProperty('imageUrl');
  });

  it('is an admin, and nobody else', async () => {
    const tea = await newProduct();
    const jo = await newCustomer();
    const attempts = (who: Client) =>
      Promise.all([
        who.post('/products', { sku: unique(), name: 'Mine', price: 1 }),
        who.patch(`/products/${tea.id}`, { price: 0.01 }),
        who.delete(`/products/${tea.id}`),
      ]);
    expect((await attempts(anonymous)).map(({ status, code }) => [status, code])).toEqual(
      Array(3).fill([401, 'UNAUTHORIZED']),
    );
    expect((await attempts(jo)).map(({ status, code }) => [status, code])).toEqual(Array(3).fill([403, 'FORBIDDEN']));
    expect((await anonymous.get<ProductView>(`/products/${tea.id}`)).data.price).toBe(tea.price);
  });
});
