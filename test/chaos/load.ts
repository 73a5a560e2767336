import { setTimeout as pause } from 'node:timers/promises';
import { each, times } from '../support/client';
import { form, type Plan } from './plan';
import type { Shop } from './shop';

export interface LoadOptions {
  orders?: number;
  /** At once. */
  width?: number;
  /** The orders are spread evenly over so many ms, as far as that goes. */
  overMs?: number;
  /** Which of them are for the hot product, from 0 to 1. */
  hot?: number;
}

/** The base load: 1,000 orders at 32 at a time, a quarter of them for the hot product. */
export async function placeBaseLoad(
  shop: Shop,
  plan: Plan,
  { orders = form(200, 1_000), width = 32, overMs = 0, hot = 0.25 }: LoadOptions = {},
): Promise<void> {
  const wanted = times(orders).map(() => ({
    customer: shop.someone(plan),
    product: plan.number() < hot ? shop.hot : plan.pick(shop.products),
  }));
  const begun = Date.now();
  await each(wanted, width, async ({ customer, product }, index) => {
    await pause(Math.max(0, begun + (index / orders) * overMs - Date.now()));
    await shop.place(customer, product);
  });
}

const BETWEEN_MS = 250;

/** Does something while so many customers each place one order after the other. */
export async function whileOrdering(shop: Shop, callers: number, work: () => Promise<void>): Promise<void> {
  let over = false;
  const ordering = each(shop.customers.slice(-callers), callers, async (customer, index) => {
    while (!over) {
      await shop.place(customer, shop.products[index % shop.products.length]);
      await pause(BETWEEN_MS);
    }
  });
  try {
    await work();
  } finally {
    over = true;
    await ordering;
  }
}
