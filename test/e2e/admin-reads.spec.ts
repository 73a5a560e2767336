import { parse } from 'csv-parse/sync';
import { newCustomer, newProduct, placeOrder, settled, succeeded, theAdmin, type Customer } from '../support/builders';
import { anonymous, type Client } from '../support/client';
import type { OrderView, ProductView, SoldProductView, SummaryView, TimeseriesView } from '../support/views';

const COLUMNS =
  'id,number,createdAt,status,tier,userId,email,name,items,quantity,total,currency,paymentMethod,paymentStatus,' +
  'street,city,state,zipCode,country';
/** Unusual, and a formula to a spreadsheet that believes everything. */
const NAME = '=Zoë "the, one"';
const ADDRESS = {
  street: '1 Main Street\nBack door',
  city: 'Springfield',
  state: 'IL',
  zipCode: '62701',
  country: 'US',
};

describe('an admin reads', () => {
  let admin: Client;
  let jo: Customer;
  let vip: Customer;
  let tea: ProductView;
  let cup: ProductView;
  /** When this story began: what was placed since then is its own. */
  let from: string;
  /** Newest first, as they have ended. */
  let placed: OrderView[];

  beforeAll(async () => {
    admin = await theAdmin();
    [tea, cup] = [await newProduct({ price: 19.99 }), await newProduct({ price: 5, stock: 3 })];
    from = new Date().toISOString();
    [jo, vip] = [await newCustomer({ name: NAME }), await newCustomer({ vip: true })];
    const items = [
      { productId: tea.id, quantity: 2 },
      { productId: cup.id, quantity: 1 },
    ];
    const both = await jo.post<{ order: OrderView }>('/orders', { items, shippingAddress: ADDRESS });
    const ids = [succeeded(both, 201).data.order.id];
    for (const customer of [jo, vip, vip]) ids.unshift((await placeOrder(customer, tea)).id);
    const cancelled = (await placeOrder(vip, cup, 2)).id;
    for (const id of ids) await settled(admin, id);
    await settled(admin, cancelled);
    succeeded(await vip.post(`/orders/${cancelled}/cancel`), 200);
    ids.unshift(cancelled);
    placed = [];
    for (const id of ids) placed.push(succeeded(await admin.get<OrderView>(`/orders/${id}`), 200).data);
  });

  const summary = async (query = '') =>
    succeeded(await admin.get<SummaryView>(`/admin/analytics/summary?from=${from}${query}`), 200).data;
  const list = async (query: string) =>
    succeeded(await admin.get<OrderView[]>(`/admin/orders?from=${from}${query}`), 200);
  const idsOf = (orders: { id: string }[]) => orders.map(({ id }) => id);

  it('what the day has come to: what is cancelled brings nothing', async () => {
    expect(await summary()).toEqual({
      revenue: 104.95,
      currency: 'USD',
      ordersByStatus: {
        PENDING: 0,
        AWAITING_PAYMENT: 0,
        CONFIRMED: 4,
        SHIPPED: 0,
        DELIVERED: 0,
        FAILED: 0,
        CANCELLED: 1,
        REFUNDED: 0,
      },
      averageOrderValue: 26.24,
      newUsers: 2,
    });
    expect(await summary('&tier=vip')).toMatchObject({ revenue: 39.98, averageOrderValue: 19.99, newUsers: 1 });
    expect(await summary(`&to=${placed[2].createdAt}`)).toMatchObject({
      ordersByStatus: { CONFIRMED: 2, CANCELLED: 0 },
    });
  });

  it('what becomes of it the moment it does', async () => {
    const before = await summary();
    const order = await placeOrder(jo, tea);
    const total = ({ ordersByStatus }: SummaryView) => Object.values(ordersByStatus).reduce((a, b) => a + b);
    expect(total(await summary())).toBe(total(before) + 1);
    await settled(jo, order.id);
    expect((await summary()).revenue).toBeCloseTo(before.revenue + 19.99, 2);
    succeeded(await jo.post(`/orders/${order.id}/cancel`), 200);
    expect((await summary()).revenue).toBe(before.revenue);
    placed.unshift(succeeded(await admin.get<OrderView>(`/orders/${order.id}`), 200).data);
  });

  it('what sells best', async () => {
    const query = (by: string) => `/admin/analytics/top-products?from=${from}&limit=2${by}`;
    for (const by of ['', '&by=units', '&by=revenue']) {
      const { data } = succeeded(await admin.get<SoldProductView[]>(query(by)), 200);
      expect(data).toEqual([
        { productId: tea.id, sku: tea.sku, name: tea.name, units: 5, revenue: 99.95, currency: 'USD' },
        { productId: cup.id, sku: cup.sku, name: cup.name, units: 1, revenue: 5, currency: 'USD' },
      ]);
    }
  });

  it('the newest orders', async () => {
    const { data, meta } = succeeded(await admin.get<OrderView[]>('/admin/analytics/recent-orders?limit=3'), 200);
    expect(data).toEqual(placed.slice(0, 3));
    expect(meta.limit).toBe(3);
  });

  it('how it went, hour by hour and day by day', async () => {
    const { revenue, ordersByStatus } = await summary();
    for (const interval of ['hour', 'day']) {
      const path = `/admin/analytics/timeseries?from=${from}&interval=${interval}`;
      const { data } = succeeded(await admin.get<TimeseriesView>(path), 200);
      expect(data.interval).toBe(interval);
      const sum = (of: (point: TimeseriesView['points'][number]) => number) =>
        data.points.reduce((a, b) => a + of(b), 0);
      expect(sum((point) => point.revenue)).toBeCloseTo(revenue, 2);
      expect(sum((point) => point.ordersByStatus.CANCELLED)).toBe(ordersByStatus.CANCELLED);
      expect(data.points.map(({ at }) => at)).toEqual(data.points.map(({ at }) => at).toSorted());
    }
  });

  it('all orders, and any choice of them, with how many there are', async () => {
    const all = await list('');
    expect(all.data).toEqual(placed);
    expect(all.meta).toEqual({ total: placed.length, page: 1, limit: 20 });
    const choices: [string, (order: OrderView) => boolean][] = [
      ['status=CANCELLED', ({ status }) => status === 'CANCELLED'],
      ['tier=vip', ({ tier }) => tier === 'vip'],
      [`userId=${jo.id}`, ({ userId }) => userId === jo.id],
      ['tier=vip&status=CONFIRMED', ({ tier, status }) => tier === 'vip' && status === 'CONFIRMED'],
      [`userId=${vip.id}&status=CANCELLED`, ({ userId, status }) => userId === vip.id && status === 'CANCELLED'],
      [`userId=${vip.id}&tier=standard`, () => false],
      [`to=${placed[1].createdAt}`, ({ createdAt }) => createdAt < placed[1].createdAt],
      [`number=${placed[2].number.toLowerCase()}`, ({ number }) => number === placed[2].number],
    ];
    for (const [query, fits] of choices) {
      const { data, meta } = await list(`&${query}`);
      expect([query, idsOf(data), meta.total]).toEqual([query, idsOf(placed.filter(fits)), placed.filter(fits).length]);
    }
  });

  it('the list page by page, by cursor or by number', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const { data, meta } = await list(`&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...idsOf(data));
      cursor = meta.nextCursor;
    }
    expect(seen).toEqual(idsOf(placed));
    const second = await list('&limit=2&page=2');
    expect([idsOf(second.data), second.meta.page]).toEqual([idsOf(placed.slice(2, 4)), 2]);
    expect(await list('&limit=2&page=99')).toMatchObject({ data: [], meta: { total: placed.length } });
  });

  it('the same orders in a spreadsheet, which takes nothing in them for a formula', async () => {
    const { text, headers } = succeeded(await admin.get(`/admin/orders/export.csv?from=${from}`), 200);
    expect(headers['content-type']).toMatch(/^text\/csv; charset=utf-8/);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="orders-.*\.csv"$/);
    expect(text.split('\r\n', 1)[0]).toBe(COLUMNS);
    const rows = parse<Record<string, string>>(text, { columns: true });
    const people = { [jo.id]: jo, [vip.id]: vip };
    expect(rows).toEqual(
      placed.map((order) => ({
        id: order.id,
        number: order.number,
        createdAt: order.createdAt,
        status: order.status,
        tier: order.tier,
        userId: order.userId,
        email: people[order.userId].email,
        name: order.userId === jo.id ? `'${NAME}` : 'Jo Doe',
        items: String(order.items.length),
        quantity: String(order.items.reduce((sum, { quantity }) => sum + quantity, 0)),
        total: order.total.toFixed(2),
        currency: order.currency,
        paymentMethod: order.payment.method,
        paymentStatus: order.payment.status,
        ...{ street: '', city: '', state: '', zipCode: '', country: '', ...order.shippingAddress },
      })),
    );
    const some = await admin.get(`/admin/orders/export.csv?from=${from}&tier=vip&status=CONFIRMED&userId=${vip.id}`);
    const chosen = placed.filter(({ tier, status }) => tier === 'vip' && status === 'CONFIRMED');
    expect(idsOf(parse<{ id: string }>(some.text, { columns: true }))).toEqual(idsOf(chosen));
  });

  it('nothing that nobody asked for: what is wrong is refused and not mended', async () => {
    const wrong = {
      '/admin/orders': [
        'limit=0',
        'limit=101',
        'page=0',
        'status=confirmed',
        'tier=gold',
        'userId=1',
        'cursor=x',
        'q=tea',
      ],
      '/admin/orders/export.csv': ['limit=5', 'cursor=x', 'from=now', 'status='],
      '/admin/analytics/summary': ['from=2026-13-01', 'from=2026-05-04T10:00', 'to=1', 'from=2026-05-04&to=2026-05-03'],
      '/admin/analytics/timeseries': [
        'interval=week',
        'interval=hour&from=2020-01-01',
        'from=2026-05-04&from=2026-05-04',
      ],
      '/admin/analytics/top-products': ['limit=101', 'limit=1.5', 'by=name', 'page=1'],
      '/admin/analytics/recent-orders': ['limit=101', 'from=2026-05-04'],
    };
    for (const [path, queries] of Object.entries(wrong)) {
      for (const query of queries) {
        const { status, code } = await admin.get(`${path}?${query}`);
        expect([path, query, status, code]).toEqual([path, query, 400, 'VALIDATION_FAILED']);
      }
    }
  });

  it('what is for admins only', async () => {
    const paths = ['/admin/orders', '/admin/orders/export.csv'].concat(
      ['summary', 'timeseries', 'top-products', 'recent-orders'].map((report) => `/admin/analytics/${report}`),
    );
    for (const path of paths) {
      const [user, nobody] = [await jo.get(path), await anonymous.get(path)];
      expect([path, user.code, nobody.code]).toEqual([path, 'FORBIDDEN', 'UNAUTHORIZED']);
      expect((await admin.get(`/api${path}`)).status).toBe(200);
    }
  });
});
