import { newCustomer, newProduct, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import type { ProductView } from '../support/views';
import type { Attempt } from './load';
import { form } from './plan';
import { Watcher } from './watcher';

/** Who buys what in one file of chaos: customers and products that nobody else has. */
export interface Shop {
  customers: Customer[];
  products: ProductView[];
  /** The one that everybody wants, and that is sold out before all have it. */
  hot: ProductView;
  /** Some of the customers, in front of a browser. */
  watchers: Watcher[];
  /** Every order that any of them has tried to place. */
  attempts: Attempt[];
}

const WATCHERS = 3;

/** The base load's: 200 customers, 20 products of 500 units and a hot one of 200; in the short form a fifth of that. */
export async function openShop({
  customers = form(40, 200),
  products = form(5, 20),
  units = 500,
  hotUnits = form(40, 200),
} = {}): Promise<Shop> {
  const [people, hot, ...others] = await Promise.all([
    each(times(customers), 8, (index) => newCustomer({ vip: index % 10 === 0 })),
    newProduct({ stock: hotUnits }),
    ...times(products).map(() => newProduct({ stock: units })),
  ]);
  const watchers = people.slice(0, WATCHERS).map((customer) => new Watcher(customer));
  return { customers: people, products: others, hot, watchers, attempts: [] };
}

export const closeShop = ({ watchers }: Shop) => Promise.all(watchers.map((watcher) => watcher.close()));
