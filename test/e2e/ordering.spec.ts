import { lineOf, newCustomer, newProduct, placeOrder, settled, stockOf, theAdmin } from '../support/builders';
import { anonymous, Client, cookieOf } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo, mailWith } from '../support/mailbox';
import type { OrderView, PlacedView } from '../support/views';

const address = { street: '1 Ōdōri', city: 'München', state: 'BY', zipCode: '80331', country: 'DE' };

describe('an order', () => {
  it('is accepted at once as PENDING, with where to find it', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ price: 19.99 });
    const { status, body, data, headers, ms } = await jo.post<PlacedView>('/order', lineOf(tea, 2));
    expect([status, (body as { status: string }).status]).toEqual([201, 'success']);
    expect(String(headers.location)).toMatch(new RegExp(`/orders/${data.order.id}$`));
    expect(ms).toBeLessThan(1_000);
    expect(data.order).toMatchObject({
      userId: jo.id,
      tier: 'standard',
      status: 'PENDING',
      total: 39.98,
      currency: 'USD',
      payment: { method: 'CASH_ON_DELIVERY', refunded: 0 },
      items: [
        {
          stockId: tea.stock.id,
          productId: tea.id,
          sku: tea.sku,
          name: tea.name,
          quantity: 2,
          price: 19.99,
          lineTotal: 39.98,
          shipped: 0,
          refunded: 0,
        },
      ],
      history: [expect.objectContaining({ seq: 1, kind: 'status', status: 'PENDING' }) as object],
    });
    expect(data.order.id).toMatch(/^[0-9a-f]{24}$/);
    expect(JSON.stringify(body)).not.toMatch(/"_id"|"__v"|"epoch"|"claim"|"idempotencyKey"|"outbox"/);
  });

  it('is CONFIRMED within a second by a worker in another process, and its stock is sold', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 5 });
    const before = await stockOf(tea);
    const order = await placeOrder(jo, tea, 2);
    const confirmed = await settled(jo, order.id, 1_000);
    expect(confirmed.status).toBe('CONFIRMED');
    const history = confirmed.history.map(({ seq, status }) => [seq, status]);
    expect(history).toEqual([
      [1, 'PENDING'],
      [2, 'CONFIRMED'],
    ]);
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 3, reserved: 0 }));
    expect((await stockOf(tea)).version).toBeGreaterThan(before.version);
  });

  it('can be waited for with the very request that places it', async () => {
    const jo = await newCustomer();
    const tea = await newProduct();
    const reply = await jo.post<PlacedView>('/orders', lineOf(tea), { headers: { prefer: 'wait=10' } });
    expect(reply.status).toBe(201);
    expect(reply.ms).toBeLessThan(2_500);
    const seen = await jo.get<OrderView>(`/orders/${reply.data.order.id}`);
    expect(seen.data.status).toBe('CONFIRMED');
  });

  it('is told by one mail, which says what was ordered and hides nothing in markup', async () => {
    const jo = await newCustomer({ name: '<img src=x onerror=alert(1)>' });
    const tea = await newProduct({ name: 'Earl & "Grey" <blend>' });
    const { number } = await placeOrder(jo, tea, 2);
    const { mail } = await mailWith(jo.email, new RegExp(number));
    expect(mail.text).toContain('39.98');
    expect(mail.text).toContain('Earl & "Grey" <blend>');
    expect(mail.html).not.toMatch(/<img src=x|<blend>/);
    const confirmations = (await mailsTo(jo.email)).filter(({ subject }) => subject.includes(number));
    expect(confirmations).toHaveLength(1);
  });

  it.each(['/orders', '/order', '/api/orders', '/api/order'])('can be placed at %s', async (path) => {
    const jo = await newCustomer();
    const tea = await newProduct();
    const placed = await jo.post<PlacedView>(path, lineOf(tea));
    expect(placed.status).toBe(201);
    const { id } = placed.data.order;
    for (const base of ['/orders', '/order', '/api/orders', '/api/order']) {
      expect((await jo.get<OrderView>(`${base}/${id}`)).data.id).toBe(id);
    }
  });

  it('can be placed with the cookies of a browser', async () => {
    const jo = await newCustomer();
    const tea = await newProduct();
    const browser = new Client({ cookie: cookieOf(jo.cookies) });
    const origin = process.env.BASE_URL ?? 'http://127.0.0.1:8080';
    expect((await browser.post('/orders', lineOf(tea), { headers: { origin } })).status).toBe(201);
  });

  it('can name the product instead of the stock, and guard the price', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ price: 0.1 });
    const reply = await jo.post<PlacedView>('/orders', { productId: tea.id, quantity: 3, priceAtPurchase: 0.1 });
    expect([reply.status, reply.data.order.total]).toEqual([201, 0.3]);
  });

  it('can have many lines, an address and a way to pay; the same stock twice is summed', async () => {
    const jo = await newCustomer();
    const [tea, pot] = [await newProduct({ price: 10.01, stock: 6 }), await newProduct({ price: 5 })];
    const { status, data } = await jo.post<PlacedView>('/orders', {
      items: [lineOf(tea, 1), { productId: pot.id, quantity: 2 }, { productId: tea.id, quantity: 3 }],
      shippingAddress: address,
      paymentMethod: 'CASH_ON_DELIVERY',
    });
    expect(status).toBe(201);
    expect(data.order).toMatchObject({ total: 50.04, shippingAddress: address });
    const sold = new Map(data.order.items.map(({ stockId, quantity }) => [stockId, quantity]));
    expect([...sold]).toEqual(
      expect.arrayContaining([
        [tea.stock.id, 4],
        [pot.stock.id, 2],
      ]),
    );
    expect((await settled(jo, data.order.id)).status).toBe('CONFIRMED');
    await eventually(async () => expect((await stockOf(tea)).available).toBe(2));
  });

  it('takes all of its lines or none', async () => {
    const jo = await newCustomer();
    const [plenty, scarce] = [await newProduct({ stock: 50 }), await newProduct({ stock: 1 })];
    const body = { items: [lineOf(plenty, 2), lineOf(scarce, 1)] };
    const replies = await Promise.all([0, 1, 2, 3].map(() => jo.post<PlacedView>('/orders', body)));
    const accepted = replies.filter(({ status }) => status === 201);
    const ended = await Promise.all(accepted.map(({ data }) => settled(jo, data.order.id)));
    expect(ended.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(1);
    const failures = ended.filter(({ status }) => status !== 'CONFIRMED');
    expect(failures.map(({ status, failure }) => [status, failure?.code])).toEqual(
      failures.map(() => ['FAILED', 'INSUFFICIENT_STOCK']),
    );
    await eventually(async () => {
      expect(await stockOf(plenty)).toMatchObject({ available: 48, reserved: 0 });
      expect(await stockOf(scarce)).toMatchObject({ available: 0, reserved: 0 });
    });
  });

  it('keeps the price and the name of its day', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ price: 10, name: 'Old name' });
    const { id } = await placeOrder(jo, tea);
    await (await theAdmin()).patch(`/products/${tea.id}`, { price: 99, name: 'New name' });
    const { data } = await jo.get<OrderView>(`/orders/${id}`);
    expect([data.total, data.items[0].name, data.items[0].price]).toEqual([10, 'Old name', 10]);
  });

  it('of a VIP says so', async () => {
    const vip = await newCustomer({ vip: true });
    expect((await placeOrder(vip, await newProduct())).tier).toBe('vip');
  });

  it('needs somebody who is signed in', async () => {
    const reply = await anonymous.post('/orders', lineOf(await newProduct()));
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHORIZED']);
    expect(reply.headers['www-authenticate']).toBeDefined();
  });
});
