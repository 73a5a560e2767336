import { setTimeout as pause } from 'node:timers/promises';
import { each } from './api.mjs';

/** Few at once: this is bookkeeping and must not disturb what is measured. */
const WIDTH = 4;

/** Waits until no customer has a pending order, or the deadline (ms since the epoch) has passed. */
export async function waitForTheEnd({ api, customers, deadline, onProgress }) {
  let waiting = customers;
  while (waiting.length > 0 && Date.now() < deadline) {
    const pending = await each(waiting, WIDTH, ({ token }) => countPending(api, token));
    waiting = waiting.filter((_, index) => pending[index] > 0);
    onProgress(pending.reduce((sum, count) => sum + count, 0));
    if (waiting.length > 0) await pause(500);
  }
}

const countPending = async (api, token) =>
  (await api.need('GET', '/orders?status=PENDING&limit=1', { token })).meta.total;

/** Every order of every customer, read page by page along the cursor. */
export async function readOrders(api, customers) {
  const lists = await each(customers, WIDTH, async ({ token, tier }) => {
    const orders = [];
    let cursor = '';
    do {
      const page = await api.need('GET', `/orders?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, {
        token,
      });
      orders.push(...page.data.map((order) => ({ ...order, tier })));
      cursor = page.meta.nextCursor;
    } while (cursor);
    return orders;
  });
  return lists.flat();
}

/** The counters of each product as they stand: `{ stockId, stock, available, reserved }`. */
export const readStock = (api, products) =>
  each(products, WIDTH, async ({ id, stockId, stock }) => {
    const { data } = await api.need('GET', `/stock/products-with-stock/${id}`);
    return { stockId, stock, available: data.stock.available, reserved: data.stock.reserved };
  });

/** How many units are sold by now: what is neither on the shelf nor held. */
export const countSold = async (api, products) =>
  (await readStock(api, products)).reduce(
    (sum, { stock, available, reserved }) => sum + stock - available - reserved,
    0,
  );
