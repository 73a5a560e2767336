import { lineOf, newCustomer, newProduct, placeOrder, settled, theAdmin, type Customer } from '../support/builders';
import { anonymous, type Client } from '../support/client';
import { expectRefusal, INVALID, NO_ID, type Refusal } from '../support/refusals';
import type { OrderView, ProductView } from '../support/views';

let admin: Customer;
let jo: Customer;
let tea: ProductView;
let order: OrderView;

beforeAll(async () => {
  [admin, jo, tea] = [await theAdmin(), await newCustomer(), await newProduct({ price: 20 })];
  order = await settled(jo, (await placeOrder(jo, tea, 3)).id);
});

const conflict = '409 INVALID_TRANSITION';
const tooMuch = '409 REFUND_EXCEEDS_CAPTURE';
const unknown = '404 ORDER_NOT_FOUND';
const alien = { stockId: NO_ID, quantity: 1 };

describe('moving an order by hand is refused', () => {
  const faults: [string, () => unknown, Refusal][] = [
    ['without a status', () => ({}), INVALID],
    ['to a status that there is not', () => ({ status: 'LOST' }), INVALID],
    ['to PENDING', () => ({ status: 'PENDING' }), conflict],
    ['to AWAITING_PAYMENT', () => ({ status: 'AWAITING_PAYMENT' }), conflict],
    ['to CONFIRMED', () => ({ status: 'CONFIRMED' }), conflict],
    ['to FAILED', () => ({ status: 'FAILED' }), conflict],
    ['to REFUNDED', () => ({ status: 'REFUNDED' }), conflict],
    ['to DELIVERED before it was shipped', () => ({ status: 'DELIVERED' }), conflict],
    ['with more than is left to ship', () => ({ status: 'SHIPPED', items: [lineOf(tea, 4)] }), conflict],
    ['with more, in two lines', () => ({ status: 'SHIPPED', items: [lineOf(tea, 2), lineOf(tea, 2)] }), conflict],
    ['with what is no line of it', () => ({ status: 'SHIPPED', items: [alien] }), INVALID],
    ['with no items', () => ({ status: 'SHIPPED', items: [] }), INVALID],
    ['with no units', () => ({ status: 'SHIPPED', items: [lineOf(tea, 0)] }), INVALID],
    ['with an endless carrier', () => ({ status: 'SHIPPED', carrier: 'x'.repeat(101) }), INVALID],
    ['with an empty tracking number', () => ({ status: 'SHIPPED', trackingNumber: '' }), INVALID],
    ['with a carrier that delivers', () => ({ status: 'DELIVERED', carrier: 'DHL' }), INVALID],
    ['with items that are cancelled', () => ({ status: 'CANCELLED', items: [lineOf(tea)] }), INVALID],
    ['with an endless reason', () => ({ status: 'SHIPPED', reason: 'x'.repeat(501) }), INVALID],
    ['with a property of its own', () => ({ status: 'SHIPPED', by: NO_ID }), INVALID],
  ];
  it.each(faults)('%s', async (_what, body, refusal) => {
    expectRefusal(await admin.patch(`/admin/orders/${order.id}/status`, body()), refusal);
  });
});

describe('refunding is refused', () => {
  const faults: [string, () => unknown, Refusal][] = [
    ['of nothing', () => ({ amount: 0 }), INVALID],
    ['of less than nothing', () => ({ amount: -1 }), INVALID],
    ['of a part of a cent', () => ({ amount: 0.001 }), INVALID],
    ['in words', () => ({ amount: '5' }), INVALID],
    ['of more than was paid', () => ({ amount: 60.01 }), tooMuch],
    ['of far more than was paid', () => ({ amount: 1e10 }), tooMuch],
    ['of more units than were bought', () => ({ lines: [lineOf(tea, 4)] }), tooMuch],
    ['of more, in two lines', () => ({ lines: [lineOf(tea, 2), lineOf(tea, 2)] }), tooMuch],
    ['of what is no line of it', () => ({ lines: [alien] }), INVALID],
    ['of no lines', () => ({ lines: [] }), INVALID],
    ['by amount and by lines', () => ({ amount: 1, lines: [lineOf(tea)] }), INVALID],
    ['with units for an amount', () => ({ amount: 1, restock: true }), INVALID],
    ['with a restock in words', () => ({ restock: 'yes' }), INVALID],
    ['with a property of its own', () => ({ total: 1 }), INVALID],
  ];
  it.each(faults)('%s', async (_what, body, refusal) => {
    expectRefusal(await admin.post(`/admin/orders/${order.id}/refund`, body()), refusal);
  });

  it('with what can still be refunded', async () => {
    const { body } = await admin.post(`/admin/orders/${order.id}/refund`, { amount: 60.01 });
    expect(body).toMatchObject({ refundable: 60 });
  });
});

describe('a note is refused', () => {
  it.each([[{}], [{ text: '' }], [{ text: 'x'.repeat(2_001) }], [{ text: 7 }], [{ text: 'a', by: NO_ID }]])(
    'as %j',
    async (body) => expectRefusal(await admin.post(`/admin/orders/${order.id}/notes`, body), INVALID),
  );
});

describe('an order is not found', () => {
  it.each<[string, Refusal]>([
    ['0000-0000-0000', unknown],
    ['42', INVALID],
    [`${'0'.repeat(13)}`, INVALID],
    ['%7B%22$ne%22:null%7D', INVALID],
    ['%00', INVALID],
    ['x'.repeat(200), INVALID],
  ])('by the number %s', async (number, refusal) => {
    expectRefusal(await admin.get(`/admin/orders/by-number/${number}`), refusal);
  });
});

const calls: [string, (who: Client, id: string) => ReturnType<Client['get']>][] = [
  ['status', (who, id) => who.patch(`/admin/orders/${id}/status`, { status: 'SHIPPED' })],
  ['refund', (who, id) => who.post(`/admin/orders/${id}/refund`, {})],
  ['notes', (who, id) => who.post(`/admin/orders/${id}/notes`, { text: 'Mine' })],
];

describe.each(calls)('the call %s', (_name, press) => {
  it('is for admins, and for orders that there are', async () => {
    expectRefusal(await press(anonymous, order.id), '401 UNAUTHORIZED');
    expectRefusal(await press(jo, order.id), '403 FORBIDDEN');
    expectRefusal(await press(admin, NO_ID), unknown);
    expectRefusal(await press(admin, '42'), INVALID);
  });
});

describe('an order that has ended', () => {
  it('is left as it is', async () => {
    const { id } = await placeOrder(jo, tea);
    await settled(jo, id);
    const refund = () => admin.post<OrderView>(`/admin/orders/${id}/refund`, {});
    expect((await refund()).data.status).toBe('REFUNDED');
    expectRefusal(await refund(), tooMuch);
    for (const status of ['SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED']) {
      expectRefusal(await admin.patch(`/admin/orders/${id}/status`, { status }), conflict);
    }
    expectRefusal(await jo.post(`/orders/${id}/cancel`), conflict);
  });

  it('with a cancellation has nothing left to refund', async () => {
    const { id } = await placeOrder(jo, tea);
    await settled(jo, id);
    expect((await jo.post(`/orders/${id}/cancel`)).status).toBe(200);
    expectRefusal(await admin.post(`/admin/orders/${id}/refund`, {}), tooMuch);
  });
});

it('all the while the order has stayed as it was', async () => {
  expect((await jo.get<OrderView>(`/orders/${order.id}`)).data).toEqual(order);
});
