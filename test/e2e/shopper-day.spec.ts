import { lineOf, newCustomer, newProduct, settled, stockOf, unique } from '../support/builders';
import { eventually } from '../support/eventually';
import type { CartView, OrderView, PlacedView, ProductView } from '../support/views';

describe('a day of a shopper', () => {
  it('goes from searching to the cart, the checkout and the confirmation, and back when they change their mind', async () => {
    const word = unique();
    const tea = await newProduct({ name: `Oolong ${word}`, price: 19.99, stock: 10 });
    const pot = await newProduct({ name: `Pot for ${word}`, price: 45.5, stock: 3 });
    const jo = await newCustomer();

    const found = (await jo.get<ProductView[]>(`/products?q=${word}&sort=price`)).data;
    expect(found.map(({ name }) => name)).toEqual([tea.name, pot.name]);

    for (const { id } of found) expect((await jo.post('/cart/items', { productId: id, quantity: 1 })).status).toBe(201);
    await jo.post('/cart/items', lineOf(tea, 2));
    const cart = async () => (await jo.get<CartView>('/cart')).data;
    expect(await cart()).toMatchObject({
      items: [
        { stockId: tea.stock.id, productId: tea.id, name: tea.name, quantity: 3, price: 19.99, lineTotal: 59.97 },
        { stockId: pot.stock.id, quantity: 1, price: 45.5, lineTotal: 45.5 },
      ],
      total: 105.47,
      currency: 'USD',
    });
    expect(await stockOf(tea)).toMatchObject({ available: 10, reserved: 0 });

    const shippingAddress = {
      street: '1 Main Street',
      city: 'Springfield',
      state: 'IL',
      zipCode: '62701',
      country: 'US',
    };
    const body = { shippingAddress, paymentMethod: 'CASH_ON_DELIVERY' };
    const reply = await jo.post<PlacedView>('/cart/checkout', body);
    expect([reply.status, reply.headers.location]).toEqual([201, `/orders/${reply.data.order.id}`]);
    expect(reply.data.order).toMatchObject({ status: 'PENDING', total: 105.47, shippingAddress });
    expect(await cart()).toEqual({ items: [], total: 0, currency: 'USD' });

    const order = await settled(jo, reply.data.order.id);
    expect(order.status).toBe('CONFIRMED');
    expect(await stockOf(tea)).toMatchObject({ available: 7, reserved: 0 });

    expect((await jo.post<OrderView>(`/orders/${order.id}/cancel`)).data.status).toBe('CANCELLED');
    await eventually(async () => {
      expect(await stockOf(tea)).toMatchObject({ available: 10, reserved: 0 });
      expect(await stockOf(pot)).toMatchObject({ available: 3, reserved: 0 });
    });
  });
});
