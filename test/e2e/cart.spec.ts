import {
  lineOf,
  newCustomer,
  newProduct,
  PASSWORD,
  settled,
  signIn,
  stockOf,
  theAdmin,
  unique,
  type Customer,
} from '../support/builders';
import { anonymous, times } from '../support/client';
import type { CartView, PlacedView, ProductView } from '../support/views';

const cartOf = async (who: Customer) => (await who.get<CartView>('/cart')).data;
const put = (who: Customer, product: ProductView, quantity = 1) =>
  who.post<CartView>('/cart/items', lineOf(product, quantity));
const checkout = (who: Customer, body: object = {}, options = {}) =>
  who.post<PlacedView>('/cart/checkout', body, options);
const setPrice = async (product: ProductView, price: number) =>
  (await theAdmin()).patch(`/products/${product.id}`, { price });

describe('a cart', () => {
  it('is there again after signing out and in, and belongs to one person', async () => {
    const [jo, max, tea] = [await newCustomer(), await newCustomer(), await newProduct()];
    await put(jo, tea, 2);
    await jo.post('/auth/logout');
    const again = await signIn(jo.email, PASSWORD);
    expect((await cartOf(again)).items).toMatchObject([{ stockId: tea.stock.id, quantity: 2 }]);
    expect((await cartOf(max)).items).toEqual([]);
  });

  it('is changed line by line, and emptied; every call answers with it', async () => {
    const [jo, tea, pot] = [await newCustomer(), await newProduct(), await newProduct()];
    await put(jo, tea);
    expect((await put(jo, pot)).data.items).toHaveLength(2);
    const changed = await jo.patch<CartView>(`/cart/items/${tea.stock.id}`, { quantity: 5 });
    expect([changed.status, changed.data.items[0].quantity]).toEqual([200, 5]);
    const none = await jo.patch<CartView>(`/cart/items/${tea.stock.id}`, { quantity: 0 });
    expect(none.data.items.map(({ stockId }) => stockId)).toEqual([pot.stock.id]);
    for (let i = 0; i < 2; i++) {
      const gone = await jo.delete<CartView>(`/cart/items/${pot.stock.id}`);
      expect([gone.status, gone.data.items]).toEqual([200, []]);
    }
    await put(jo, tea);
    expect((await jo.delete<CartView>('/cart')).data).toEqual({ items: [], total: 0, currency: 'USD' });
  });

  it('says what has changed since, and is ordered at the price of now', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ price: 10, stock: 5 })];
    await put(jo, tea, 2);
    await setPrice(tea, 12.5);
    const max = await newCustomer();
    await settled(max, (await max.post<PlacedView>('/orders', lineOf(tea, 1))).data.order.id);
    expect((await cartOf(jo)).items).toMatchObject([
      { price: 12.5, lineTotal: 25, available: 4, priceChanged: true, availabilityChanged: true },
    ]);
    expect((await checkout(jo)).data.order.total).toBe(25);
  });

  it('shows what left the shop, says at the checkout which that is, and can be ordered without it', async () => {
    const [jo, tea, pot] = [await newCustomer(), await newProduct(), await newProduct()];
    await put(jo, tea);
    await put(jo, pot);
    await (await theAdmin()).delete(`/products/${tea.id}`);
    const [left, stays] = (await cartOf(jo)).items;
    expect(left).toMatchObject({ name: tea.name, available: 0, archived: true });
    expect(stays).toMatchObject({ availabilityChanged: false });
    const refused = await checkout(jo);
    expect([refused.status, refused.code, (refused.body as { stockId: string }).stockId]).toEqual([
      404,
      'STOCK_NOT_FOUND',
      tea.stock.id,
    ]);
    await jo.delete(`/cart/items/${tea.stock.id}`);
    expect((await checkout(jo)).data.order.items).toMatchObject([{ stockId: pot.stock.id }]);
  });

  it('takes 200 additions at once and holds them all', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 1_000 })];
    const replies = await Promise.all(times(200).map(() => put(jo, tea)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await cartOf(jo)).items).toMatchObject([{ quantity: 200 }]);
  });

  it('takes the same addition with the same key once', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    const idempotencyKey = unique();
    const add = () => jo.post<CartView>('/cart/items', lineOf(tea, 2), { idempotencyKey });
    const [first, again] = [await add(), await add()];
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
  });
});

describe('a checkout', () => {
  it('with a key is repeated word for word, though the cart is empty by now', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    await put(jo, tea, 2);
    const idempotencyKey = unique();
    const first = await checkout(jo, {}, { idempotencyKey });
    await settled(jo, first.data.order.id);
    const again = await checkout(jo, {}, { idempotencyKey });
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.location).toBe(first.headers.location);
  });

  it('pressed thirty times at once, with or without one key, orders once', async () => {
    for (const options of [{}, { idempotencyKey: unique() }]) {
      const [jo, tea] = [await newCustomer(), await newProduct({ stock: 100 })];
      await put(jo, tea, 2);
      const replies = await Promise.all(times(30).map(() => checkout(jo, {}, options)));
      const ids = new Set(replies.filter(({ status }) => status === 201).map(({ data }) => data.order.id));
      expect(ids.size).toBe(1);
      for (const { status, code } of replies.filter((reply) => reply.status !== 201))
        expect([status, code]).toEqual([409, expect.stringMatching(/^(CART_EMPTY|IDEMPOTENCY_IN_PROGRESS)$/)]);
      await settled(jo, [...ids][0]);
      expect((await jo.get('/orders')).meta.total).toBe(1);
      expect(await stockOf(tea)).toMatchObject({ available: 98 });
    }
  });

  it('can be waited for', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    await put(jo, tea);
    const reply = await checkout(jo, {}, { headers: { prefer: 'wait=10' }, timeout: 15_000 });
    expect([reply.headers['preference-applied'], reply.data.order.status]).toEqual(['wait=10', 'CONFIRMED']);
  });

  it('is for those who are signed in', async () => {
    for (const path of ['/cart/checkout', '/api/cart/checkout'])
      expect([(await anonymous.post(path, {})).status]).toEqual([401]);
  });
});
