import { Problem } from '@suite/contracts';
import { OrderBody, placeOrderOf } from './order-body';

const stockId = 'a'.repeat(24);
const productId = 'b'.repeat(24);

const pathsRefused = (body: OrderBody): string[] => {
  try {
    placeOrderOf(body);
  } catch (error) {
    return (error as Problem).extra.errors!.map(({ path }) => path);
  }
  return [];
};

describe('placeOrderOf', () => {
  it('makes one line of the short form, and money of decimals', () => {
    expect(placeOrderOf({ stockId, quantity: 2, priceAtPurchase: 19.99 })).toEqual({
      items: [{ stockId, quantity: 2, priceAtPurchase: 1_999 }],
    });
  });

  it('passes many lines and the options on', () => {
    const shippingAddress = { street: 's', city: 'c', state: 'st', zipCode: 'z', country: 'c' };
    const items = [
      { stockId, quantity: 1 },
      { productId, quantity: 3 },
    ];
    expect(placeOrderOf({ items, shippingAddress, paymentFlow: 'CHECKOUT', paymentMethod: 'PAYPAL' })).toEqual({
      items,
      shippingAddress,
      paymentFlow: 'CHECKOUT',
      paymentMethod: 'PAYPAL',
    });
  });

  it('knows Stripe by its old name', () => {
    expect(placeOrderOf({ stockId, quantity: 1, paymentMethod: 'Credit Card' }).paymentMethod).toBe('STRIPE');
  });

  it.each<[OrderBody, string[]]>([
    [{}, ['quantity', 'stockId']],
    [{ quantity: 1 }, ['stockId']],
    [{ stockId }, ['quantity']],
    [{ stockId, productId, quantity: 1 }, ['stockId']],
    [{ items: [{ stockId, quantity: 1 }], quantity: 1 }, ['quantity']],
    [{ items: [{ stockId, quantity: 1 }, { quantity: 1 }] }, ['items.1.stockId']],
  ])('refuses %j', (body, paths) => expect(pathsRefused(body)).toEqual(paths));
});
