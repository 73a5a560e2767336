import { newCustomer, newProduct, placeOrder, settled, theAdmin, type Customer } from '../support/builders';
import { anonymous } from '../support/client';
import type { OrderView, ProductView } from '../support/views';

describe('the orders of a customer', () => {
  let jo: Customer;
  let tea: ProductView;
  /** Newest first. */
  const ids: string[] = [];

  beforeAll(async () => {
    [jo, tea] = [await newCustomer(), await newProduct()];
    for (let i = 0; i < 5; i++) ids.unshift((await placeOrder(jo, tea)).id);
    for (const id of ids) await settled(jo, id);
  });

  const list = (query = '') => jo.get<OrderView[]>(`/orders${query}`);

  it('are listed newest first, with how many there are', async () => {
    const { status, body, data } = await list();
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'success', meta: { total: 5, page: 1, limit: 20 } });
    expect(data.map(({ id }) => id)).toEqual(ids);
  });

  it('come page by page', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(`?page=${page}&limit=2`)));
    expect(pages.map(({ data }) => data.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
      [],
    ]);
    expect(pages.map(({ meta }) => [meta.total, meta.page, meta.limit])).toEqual(
      [1, 2, 3, 4].map((page) => [5, page, 2]),
    );
  });

  it('come by cursor as long as more follow, also when new ones arrive in between', async () => {
    const first = await list('?limit=2');
    expect(first.meta.nextCursor).toBeDefined();
    const newer = await placeOrder(jo, tea);
    const second = await list(`?limit=2&cursor=${encodeURIComponent(first.meta.nextCursor!)}`);
    const third = await list(`?limit=2&cursor=${encodeURIComponent(second.meta.nextCursor!)}`);
    expect([...first.data, ...second.data, ...third.data].map(({ id }) => id)).toEqual(ids);
    expect(third.meta.nextCursor).toBeUndefined();
    await settled(jo, newer.id);
    ids.unshift(newer.id);
  });

  it('are narrowed by status', async () => {
    const confirmed = await list('?status=CONFIRMED');
    expect([confirmed.meta.total, confirmed.data.length]).toEqual([ids.length, ids.length]);
    expect(await list('?status=SHIPPED')).toMatchObject({ data: [], meta: { total: 0, page: 1, limit: 20 } });
  });

  it('are narrowed to one by its number, however it is written', async () => {
    const [newest] = (await list('?limit=1')).data;
    for (const number of [newest.number, newest.number.toLowerCase().replaceAll('-', ' ')]) {
      const { data, meta } = await list(`?number=${encodeURIComponent(number)}`);
      expect([data.map(({ id }) => id), meta.total]).toEqual([[newest.id], 1]);
      expect((await (await newCustomer()).get(`/orders?number=${encodeURIComponent(number)}`)).data).toEqual([]);
    }
    expect((await list('?number=42')).data).toEqual([]);
  });

  it('are nobody else’s: not in lists, not one by one, and not told from none', async () => {
    const max = await newCustomer();
    expect((await max.get<OrderView[]>('/orders')).data).toEqual([]);
    const foreign = await max.get(`/orders/${ids[0]}`);
    const none = await max.get(`/orders/${'f'.repeat(24)}`);
    expect([foreign.status, foreign.code]).toEqual([404, 'ORDER_NOT_FOUND']);
    expect([none.status, none.code]).toEqual([404, 'ORDER_NOT_FOUND']);
    expect((await anonymous.get(`/orders/${ids[0]}`)).code).toBe('UNAUTHORIZED');
  });

  it('do not continue with the cursor of somebody else', async () => {
    const { meta } = await list('?limit=1');
    const max = await newCustomer();
    const reply = await max.get<OrderView[]>(`/orders?cursor=${encodeURIComponent(meta.nextCursor!)}`);
    expect(reply.status === 400 || reply.data.length === 0).toBe(true);
  });

  it('can be read by an admin one by one', async () => {
    const seen = await (await theAdmin()).get<OrderView>(`/orders/${ids[0]}`);
    expect([seen.status, seen.data.userId]).toEqual([200, jo.id]);
  });
});
