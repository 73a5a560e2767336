import { lineOf, newCustomer, newProduct, settled, stockOf, unique, type Customer } from '../support/builders';
import { times, type Reply } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, PlacedView, ProductView } from '../support/views';

const post = (who: Customer, body: object, idempotencyKey: string, path = '/orders') =>
  who.post<PlacedView>(path, body, { idempotencyKey });
const orderIds = (replies: Reply<PlacedView>[]) => new Set(replies.map(({ data }) => data.order.id));

describe('an idempotency key', () => {
  let jo: Customer;
  let tea: ProductView;
  beforeAll(async () => {
    [jo, tea] = [await newCustomer(), await newProduct({ stock: 500 })];
  });

  it('makes one order of fifty equal requests at once, and takes its stock once', async () => {
    const [max, pot] = [await newCustomer(), await newProduct({ stock: 100 })];
    const key = unique();
    const replies = await Promise.all(times(50).map(() => post(max, lineOf(pot, 2), key)));
    const answered = replies.filter(({ status }) => status === 201);
    const running = replies.filter(({ status, code }) => status === 409 && code === 'IDEMPOTENCY_IN_PROGRESS');
    expect(answered.length + running.length).toBe(50);
    expect(orderIds(answered).size).toBe(1);
    await settled(max, [...orderIds(answered)][0]);
    expect((await max.get<OrderView[]>('/orders')).meta.total).toBe(1);
    await eventually(async () => expect(await stockOf(pot)).toMatchObject({ available: 98, reserved: 0 }));
  });

  it('replays the first answer, word for word, also after the order has moved on', async () => {
    const key = unique();
    const first = await post(jo, lineOf(tea), key);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    await settled(jo, first.data.order.id);
    const again = await post(jo, lineOf(tea), key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.location).toBe(first.headers.location);
  });

  it('knows a body by what it says, not by the order of its properties or the spelling of the path', async () => {
    const key = unique();
    const first = await post(jo, { stockId: tea.stock.id, quantity: 1, priceAtPurchase: tea.price }, key);
    const turned = { priceAtPurchase: tea.price, quantity: 1, stockId: tea.stock.id };
    for (const path of ['/orders', '/order', '/api/orders', '/api/order']) {
      const again = await post(jo, turned, key, path);
      expect([again.status, again.data.order?.id]).toEqual([201, first.data.order.id]);
    }
  });

  it('is refused with another body', async () => {
    const key = unique();
    await post(jo, lineOf(tea, 1), key);
    const other = await post(jo, lineOf(tea, 2), key);
    expect([other.status, other.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('belongs to one user: the same key of another is another order', async () => {
    const key = unique();
    const max = await newCustomer();
    const [mine, theirs] = [await post(jo, lineOf(tea), key), await post(max, lineOf(tea), key)];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.data.order.id).not.toBe(mine.data.order.id);
    expect(theirs.data.order.userId).toBe(max.id);
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
  });

  it('is free again after a refusal', async () => {
    const key = unique();
    const refused = await post(jo, { ...lineOf(tea), priceAtPurchase: 0.01 }, key);
    expect(refused.code).toBe('PRICE_CHANGED');
    expect((await post(jo, lineOf(tea), key)).status).toBe(201);
  });

  it('may have 255 characters and any that can be printed', async () => {
    for (const key of ['x'.repeat(255), `a b:c/d?e=f&g"h'i~${unique()}`])
      expect((await post(jo, lineOf(tea), key)).status).toBe(201);
  });

  it.each([
    ['256 characters', 'x'.repeat(256)],
    ['a letter that is not ASCII', 'café'],
    ['a tab', 'a\tb'],
  ])('may not have %s', async (_what, key) => {
    const reply = await post(jo, lineOf(tea), key);
    expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});
