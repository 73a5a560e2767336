import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pace } from './pacing.mjs';
import { pick, randomFrom } from './random.mjs';
import { scenarios } from './scenarios.mjs';

/**
 * Does what the scenario says, in the given pace, until all is done or `signal` says stop. Each order has its own
 * idempotency key and is repeated with it when its outcome is not known (time-out, broken connection, 5xx) or when it is
 * told to come again (429, IDEMPOTENCY_IN_PROGRESS).
 */
export function hammer({ api, options, customers, products, tally, signal }) {
  const random = randomFrom(options.seed);
  const { ordering } = scenarios[options.scenario];
  const run = randomUUID();
  const work = async (i, due) => {
    const customer = pick(random, customers);
    const product = pick(random, products);
    const orders = random() < ordering;
    const order = { customer, body: { stockId: product.stockId, quantity: 1 }, key: `${run}-${i}` };
    tally.begin();
    await (orders
      ? placeOne({ api, order, due, attempts: options.attempts, tally, signal })
      : lookAtOne({ api, customer, path: pick(random, pagesAbout(product)), due, tally }));
    tally.end();
  };
  return pace({ count: options.orders, width: options.connections, rate: options.rate, signal, work });
}

async function placeOne({ api, order, due, attempts, tally, signal }) {
  let code = 'NO_ANSWER';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) tally.repeated++;
    const answer = await answerTo(
      api.call('POST', '/orders', { body: order.body, token: order.customer.token, key: order.key }),
    );
    if (answer.status === 201) return tally.accept(order, answer.body.data.order, performance.now() - due);
    code = answer.body?.code ?? `HTTP_${answer.status}`;
    if (!isWorthRepeating(answer.status, code) || signal.aborted) break;
    await pause(backoff(attempt, answer.retryAfter));
  }
  tally.refuse(code);
}

/** A page that does not come is not asked for again: whoever looked has gone elsewhere. */
async function lookAtOne({ api, customer, path, due, tally }) {
  const answer = await answerTo(api.call('GET', path, { token: customer.token }));
  if (answer.status === 200) tally.look(performance.now() - due);
  else tally.refuse(answer.body?.code ?? `HTTP_${answer.status}`);
}

const pagesAbout = ({ id, name }) => [
  '/products?limit=20',
  '/products?category=load&sort=price',
  `/products?q=${encodeURIComponent(name)}`,
  `/products/${id}`,
];

const answerTo = (call) =>
  call.catch((error) => ({ status: 0, body: { code: error.name === 'TimeoutError' ? 'TIMED_OUT' : 'NO_ANSWER' } }));

export const isWorthRepeating = (status, code) =>
  status === 0 || status >= 500 || status === 429 || code === 'IDEMPOTENCY_IN_PROGRESS';

/** ms; what the suite asks for, up to 5 s, otherwise doubling from 50 ms, with jitter so that clients part. */
const backoff = (attempt, retryAfter = 0) =>
  Math.max(Math.min(retryAfter, 5) * 1_000, 25 * 2 ** attempt) * (0.5 + Math.random());
