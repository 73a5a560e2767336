import { newCustomer, newProduct, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, ProductView } from '../support/views';
import { placeStubbornly, type Attempt } from './attempt';
import { form, type Plan } from './plan';
import { Watcher } from './watcher';

const WATCHERS = 3;
const VIPS = 0.1;

/** Who buys what in one file of chaos: customers and products that nobody else has, and every order they tried to place. */
export class Shop {
  readonly attempts: Attempt[] = [];
  /** Some of the customers, in front of a browser. */
  readonly watchers: Watcher[];

  private constructor(
    readonly customers: Customer[],
    readonly products: ProductView[],
    /** The one that everybody wants, and that is sold out before all have it. */
    readonly hot: ProductView,
  ) {
    this.watchers = customers.slice(0, WATCHERS).map((customer) => new Watcher(customer));
  }

  /** The base load's: 200 customers, 20 products of 500 units, a hot one of 200; in the short form far fewer. */
  static async open(): Promise<Shop> {
    const [customers, hot, ...products] = await Promise.all([
      each(times(form(20, 200)), 8, (index) => newCustomer({ vip: index % (1 / VIPS) === 0 })),
      newProduct({ stock: form(40, 200) }),
      ...times(form(5, 20)).map(() => newProduct({ stock: 500 })),
    ]);
    const shop = new Shop(customers, products, hot);
    // A browser that has seen nothing yet cannot say where it was when it is cut off.
    await eventually(() => shop.watchers.forEach((watcher) => watcher.assertConnected()));
    for (const watcher of shop.watchers) {
      const { orderId } = await shop.place(watcher.customer, products[0]);
      await eventually(() => watcher.assertSaw(orderId!));
    }
    return shop;
  }

  /** Stubbornly, as a good client does. */
  async place(customer: Customer, product: ProductView, key?: string): Promise<Attempt> {
    const { attempt, ended } = placeStubbornly(customer, product, key);
    this.attempts.push(attempt);
    await ended;
    return attempt;
  }

  someone(plan: Plan): Customer {
    return plan.pick(this.customers);
  }

  async close(): Promise<void> {
    await Promise.all(this.watchers.map((watcher) => watcher.close()));
  }
}

/** How these orders stand, for what only a row itself knows. */
export const ordersOf = (attempts: Attempt[]): Promise<OrderView[]> =>
  each(
    attempts.filter(({ orderId }) => orderId),
    8,
    async ({ customer, orderId }) => (await customer.get<OrderView>(`/orders/${orderId}`)).data,
  );
