import { lineOf, newCustomer, newProduct, theAdmin, unique, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { expectRefusal, INVALID, NO_ID, type Refusal } from '../support/refusals';
import type { CartView, ProblemView, ProductView } from '../support/views';

const unknown: Refusal = '404 STOCK_NOT_FOUND';
const tooFew: Refusal = '409 INSUFFICIENT_STOCK';

let jo: Customer;
let tea: ProductView;
beforeAll(async () => {
  [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
  await jo.post('/cart/items', lineOf(tea, 2));
});
describe('putting into a cart is refused', () => {
  const faults: [string, () => object, Refusal][] = [
    ...[0, -1, 1.5, '2', true, null, 1_001, 1e9, [1]].map((quantity): [string, () => object, Refusal] => [
      `a quantity of ${JSON.stringify(quantity)}`,
      () => ({ stockId: tea.stock.id, quantity }),
      INVALID,
    ]),
    ['no quantity', () => ({ stockId: tea.stock.id }), INVALID],
    ['no product', () => ({ quantity: 1 }), INVALID],
    ['two names for it', () => ({ ...lineOf(tea), productId: tea.id }), INVALID],
    ['an id that is none', () => ({ stockId: '42', quantity: 1 }), INVALID],
    ['a price of one’s own', () => ({ ...lineOf(tea), price: 1 }), INVALID],
    ['an operator', () => ({ stockId: { $ne: '' }, quantity: 1 }), INVALID],
    ['nothing', () => ({}), INVALID],
    ['a stock that there is not', () => ({ stockId: NO_ID, quantity: 1 }), unknown],
    ['a product that there is not', () => ({ productId: NO_ID, quantity: 1 }), unknown],
    ['more than there is', () => lineOf(tea, 6), tooFew],
    ['more than there is, with what is in the cart', () => lineOf(tea, 4), tooFew],
  ];
  it.each(faults)('with %s', async (_what, body, refusal) => {
    expectRefusal(await jo.post('/cart/items', body()), refusal);
  });

  it('with a product that left the shop', async () => {
    const pot = await newProduct();
    await (await theAdmin()).delete(`/products/${pot.id}`);
    expectRefusal(await jo.post('/cart/items', lineOf(pot)), unknown);
  });

  it('beyond a thousand of one product, and says how many there may be', async () => {
    const [max, many] = [await newCustomer(), await newProduct({ stock: 5_000 })];
    await max.post('/cart/items', lineOf(many, 999));
    const refused = await max.post('/cart/items', lineOf(many, 2));
    expectRefusal(refused, INVALID);
    expect((refused.body as ProblemView).errors).toMatchObject([{ path: 'quantity' }]);
    expect((await max.post('/cart/items', lineOf(many, 1))).status).toBe(201);
  });

  it('beyond a hundred products', async () => {
    const max = await newCustomer();
    const shelf = await each(times(101), 8, () => newProduct());
    const replies = [];
    for (const product of shelf) replies.push(await max.post('/cart/items', lineOf(product)));
    expect(replies.slice(0, 100).map(({ status }) => status)).toEqual(Array(100).fill(201));
    expectRefusal(replies[100], INVALID);
    expect((await max.post('/cart/checkout', {})).status).toBe(201);
  }, 60_000);

  it('with the key of another body', async () => {
    const [max, idempotencyKey] = [await newCustomer(), unique()];
    await max.post('/cart/items', lineOf(tea, 1), { idempotencyKey });
    expectRefusal(await max.post('/cart/items', lineOf(tea, 2), { idempotencyKey }), '422 IDEMPOTENCY_KEY_REUSED');
  });
});

describe('changing a cart is refused', () => {
  it.each([
    [() => tea.stock.id, { quantity: -1 }, INVALID],
    [() => tea.stock.id, { quantity: '3' }, INVALID],
    [() => tea.stock.id, { quantity: 1_001 }, INVALID],
    [() => tea.stock.id, {}, INVALID],
    [() => tea.stock.id, { quantity: 3, stockId: NO_ID }, INVALID],
    [() => tea.stock.id, { quantity: 6 }, tooFew],
    [() => '42', { quantity: 1 }, INVALID],
    [() => NO_ID, { quantity: 1 }, '404 CART_ITEM_NOT_FOUND'],
  ] as [() => string, object, Refusal][])('%# with %s %j', async (stockId, body, refusal) => {
    expectRefusal(await jo.patch(`/cart/items/${stockId()}`, body), refusal);
  });

  it('for an id that is none', async () => {
    expectRefusal(await jo.delete('/cart/items/42'), INVALID);
    expectRefusal(await jo.get('/cart/items'), '405 METHOD_NOT_ALLOWED');
  });
});

describe('a checkout is refused', () => {
  it.each([
    [{ items: [{ stockId: NO_ID, quantity: 1 }] }, INVALID],
    [{ total: 1 }, INVALID],
    [{ paymentMethod: 'BITCOIN' }, INVALID],
    [{ shippingAddress: { street: '1 Main Street' } }, INVALID],
    [{ shippingAddress: null }, INVALID],
    [{ paymentMethod: 'PAYPAL', extra: true }, INVALID],
  ] as [object, Refusal][])('with %j', async (body, refusal) => {
    expectRefusal(await jo.post('/cart/checkout', body), refusal);
  });

  it('of an empty cart', async () => {
    expectRefusal(await (await newCustomer()).post('/cart/checkout', {}), '409 CART_EMPTY');
  });

  it('when there is not enough of it by then, and says of what', async () => {
    const [max, last] = [await newCustomer(), await newProduct({ stock: 1 })];
    await max.post('/cart/items', lineOf(last));
    await (await theAdmin()).post(`/stock/${last.stock.id}/adjustments`, { delta: -1, reason: 'Broken' });
    const refused = await max.post('/cart/checkout', {});
    expectRefusal(refused, tooFew);
    expect(refused.body).toMatchObject({ stockId: last.stock.id, requested: 1, available: 0 });
    expect((await max.get<CartView>('/cart')).data.items).toHaveLength(1);
  });
});

describe('what was refused', () => {
  it('has left the cart as it was', async () => {
    const { data } = await jo.get<CartView>('/cart');
    expect(data.items).toMatchObject([{ stockId: tea.stock.id, quantity: 2 }]);
  });
});
