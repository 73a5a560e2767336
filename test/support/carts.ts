import { orders, type AddToCart, type Caller, type Cart, type Checkout, type PlacedOrder } from '@suite/contracts';
import type { OrderSuite } from './orders';
import { newId, someCaller } from './stock';
import type { AskOptions } from './wires';

/** Somebody with a cart. */
export class Shopper {
  readonly caller: Caller = someCaller({ userId: newId() });

  constructor(private readonly suite: OrderSuite) {}

  cart(): Promise<Cart> {
    return this.ask(orders.cart, {});
  }

  add(body: AddToCart, options?: AskOptions) {
    return this.ask(orders.addToCart, body, options);
  }

  set(stockId: string, quantity: number): Promise<Cart> {
    return this.ask(orders.setInCart, { stockId, quantity });
  }

  empty(): Promise<Cart> {
    return this.ask(orders.emptyCart, {});
  }

  checkout(body: Checkout = {}, options?: AskOptions): Promise<PlacedOrder> {
    return this.ask(orders.checkout, body, options);
  }

  async orders() {
    return (await this.ask(orders.list, { limit: 100 })).items;
  }

  private readonly ask: OrderSuite['wires']['ask'] = (contract, body, options) =>
    this.suite.wires.ask(contract, body, { caller: this.caller, ...options });
}

/** Of a cart, or of an order. */
export const quantitiesOf = ({ items }: { items: { quantity: number }[] }): number[] =>
  items.map(({ quantity }) => quantity);
