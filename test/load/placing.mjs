import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pick, randomFrom } from './random.mjs';

/**
 * Places the orders, `connections` at once, until all are placed or `signal` says stop. Each order has its own
 * idempotency key and is repeated with it when its outcome is not known (time-out, broken connection, 5xx) or when it is
 * told to come again (429, IDEMPOTENCY_IN_PROGRESS).
 */
export async function placeOrders({ api, options, customers, products, tally, signal }) {
  const random = randomFrom(options.seed);
  const run = randomUUID();
  let next = 0;
  const worker = async () => {
    while (next < options.orders && !signal.aborted) {
      const customer = pick(random, customers);
      const product = pick(random, products);
      const order = { customer, body: { stockId: product.stockId, quantity: 1 }, key: `${run}-${next++}` };
      await placeOne({ api, order, attempts: options.attempts, tally, signal });
    }
  };
  await Promise.all(Array.from({ length: options.connections }, worker));
}

async function placeOne({ api, order, attempts, tally, signal }) {
  const begun = performance.now();
  let code = 'NO_ANSWER';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) tally.repeated++;
    const answer = await api
      .call('POST', '/orders', { body: order.body, token: order.customer.token, key: order.key })
      .catch((error) => ({ status: 0, body: { code: error.name === 'TimeoutError' ? 'TIMED_OUT' : 'NO_ANSWER' } }));
    if (answer.status === 201) return tally.accept(order, answer.body.data.order, performance.now() - begun);
    code = answer.body?.code ?? `HTTP_${answer.status}`;
    if (!isWorthRepeating(answer.status, code) || signal.aborted) break;
    await pause(backoff(attempt, answer.retryAfter));
  }
  tally.refuse(code);
}

export const isWorthRepeating = (status, code) =>
  status === 0 || status >= 500 || status === 429 || code === 'IDEMPOTENCY_IN_PROGRESS';

/** ms; what the suite asks for, up to 5 s, otherwise doubling from 50 ms, with jitter so that clients part. */
const backoff = (attempt, retryAfter = 0) =>
  Math.max(Math.min(retryAfter, 5) * 1_000, 25 * 2 ** attempt) * (0.5 + Math.random());
