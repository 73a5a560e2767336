import { lineOf, newCustomer, newProduct, stockOf, type Customer } from '../support/builders';
import { anonymous } from '../support/client';
import { expectRefusal, INVALID, NO_ID, type Refusal } from '../support/refusals';
import type { ProblemView, ProductView } from '../support/views';

let jo: Customer;
let tea: ProductView;
/** A good line, into which each row puts one fault. */
let line: { stockId: string; quantity: number };

beforeAll(async () => {
  [jo, tea] = [await newCustomer(), await newProduct({ stock: 3 })];
  line = lineOf(tea);
});

const address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const unknownStock = '404 STOCK_NOT_FOUND';
const tooFew = '409 INSUFFICIENT_STOCK';

describe('an order is refused', () => {
  it.each([0, -1, 1.5, 1_001, 1e9, 2 ** 53 + 2, '2', '', true, null, [1], { $gt: 0 }])(
    'with the quantity %j',
    async (quantity) => {
      expectRefusal(await jo.post('/orders', { ...line, quantity }), INVALID);
      expectRefusal(await jo.post('/orders', { items: [line, { ...line, quantity }] }), INVALID);
    },
  );

  it.each(
    Object.entries({
      price: 1,
      title: 'Tea',
      userId: NO_ID,
      tier: 'vip',
      priority: 1,
      status: 'CONFIRMED',
      total: 0,
      idempotencyKey: 'x',
      __v: 3,
    }),
  )('with a property %s, which is not the customer’s to set', async (name, value) => {
    expectRefusal(await jo.post('/orders', { ...line, [name]: value }), INVALID);
    expectRefusal(await jo.post('/orders', { items: [{ ...line, [name]: value }] }), INVALID);
  });

  const faults: [string, () => object, Refusal][] = [
    ['no quantity', () => ({ stockId: line.stockId }), INVALID],
    ['neither stock nor product', () => ({ quantity: 1 }), INVALID],
    ['a stock id that is none', () => ({ ...line, stockId: 'tea' }), INVALID],
    ['an operator for a stock id', () => ({ ...line, stockId: { $ne: null } }), INVALID],
    ['no lines', () => ({ items: [] }), INVALID],
    ['101 lines', () => ({ items: Array(101).fill(line) }), INVALID],
    ['lines that are no list', () => ({ items: { ...line } }), INVALID],
    ['a line that is null', () => ({ items: [null] }), INVALID],
    ['one line beside many', () => ({ ...line, items: [line] }), INVALID],
    ['a price of three places', () => ({ ...line, priceAtPurchase: 19.999 }), INVALID],
    ['a price below zero', () => ({ ...line, priceAtPurchase: -1 }), INVALID],
    ['a price in words', () => ({ ...line, priceAtPurchase: '19.99' }), INVALID],
    ['a way to pay that there is not', () => ({ ...line, paymentMethod: 'BARTER' }), INVALID],
    ['a flow that there is not', () => ({ ...line, paymentFlow: 'SLOW' }), INVALID],
    ['an address without a street', () => ({ ...line, shippingAddress: { ...address, street: undefined } }), INVALID],
    ['an address with an empty city', () => ({ ...line, shippingAddress: { ...address, city: '' } }), INVALID],
    ['an address on Mars', () => ({ ...line, shippingAddress: { ...address, planet: 'Mars' } }), INVALID],
    ['an address of numbers', () => ({ ...line, shippingAddress: { ...address, zipCode: 62701 } }), INVALID],
    ['an endless address', () => ({ ...line, shippingAddress: { ...address, city: 'x'.repeat(201) } }), INVALID],
    ['an address that is text', () => ({ ...line, shippingAddress: 'here' }), INVALID],
    ['an unknown stock', () => ({ ...line, stockId: NO_ID }), unknownStock],
    ['an unknown product', () => ({ productId: NO_ID, quantity: 1 }), unknownStock],
    ['one unknown stock of two', () => ({ items: [line, { ...line, stockId: NO_ID }] }), unknownStock],
    ['more than there is', () => ({ ...line, quantity: 4 }), tooFew],
    ['more than there is, in two lines', () => ({ items: [2, 2].map((quantity) => ({ ...line, quantity })) }), tooFew],
    ['another price', () => ({ ...line, priceAtPurchase: 1 }), '409 PRICE_CHANGED'],
  ];
  it.each(faults)('with %s', async (_what, body, refusal) => {
    expectRefusal(await jo.post('/orders', body()), refusal);
  });

  it('with the price that holds now', async () => {
    const { body } = await jo.post('/orders', { ...line, priceAtPurchase: 1 });
    expect(body).toMatchObject({ currentPrice: tea.price, stockId: tea.stock.id });
  });

  it('with each field that is wrong, by its path', async () => {
    const { body } = await jo.post('/orders', { items: [line, { stockId: 'x', quantity: 0, colour: 'red' }] });
    const paths = (body as ProblemView).errors!.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['items.1.stockId', 'items.1.quantity', 'items.1.colour']));
  });

  it.each(['wait=11', 'wait=-1', 'wait=soon'])(
    'or not, with Prefer: %s, but never held longer than ten seconds',
    async (prefer) => {
      const pot = await newProduct();
      const { status, ms } = await jo.post('/orders', lineOf(pot), { headers: { prefer }, timeout: 15_000 });
      expect([201, 400]).toContain(status);
      expect(ms).toBeLessThan(11_000);
    },
  );

  it('and leaves nothing behind', async () => {
    expect(await stockOf(tea)).toMatchObject({ available: 3, reserved: 0 });
  });
});

describe('reading orders is refused', () => {
  it.each([
    ['42', INVALID],
    ['%00', INVALID],
    [NO_ID.toUpperCase(), INVALID],
    [`${NO_ID}f`, INVALID],
    [NO_ID, '404 ORDER_NOT_FOUND'],
  ] as [string, Refusal][])('for the id %s', async (id, refusal) => {
    expectRefusal(await jo.get(`/orders/${id}`), refusal);
  });

  it.each([
    ...['page=0', 'page=-1', 'page=x', 'page=1.5', 'page=', 'page=1&page=2', 'page=1000001'],
    ...['limit=0', 'limit=101', 'limit=ten', 'limit[]=1', 'status=NOPE', 'status[$ne]=x'],
    ...['cursor=nonsense', 'cursor=', 'sort=price', 'userId=x', '__proto__=1'],
  ])('for the query %s', async (query) => expectRefusal(await jo.get(`/orders?${query}`), INVALID));

  it.each([
    ['GET', '/orders'],
    ['POST', '/orders'],
    ['GET', `/orders/${NO_ID}`],
    ['GET', '/api/orders'],
    ['POST', '/api/order'],
  ] as const)('and placing them too, to strangers: %s %s', async (method, path) => {
    expectRefusal(await anonymous.call(method, path), '401 UNAUTHORIZED');
  });
});
