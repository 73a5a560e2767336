import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pace } from '../load/pacing.mjs';
import { isWorthRepeating } from '../load/placing.mjs';
import { pick, randomFrom } from '../load/random.mjs';

/** A buyer asks again for so long, with the same key, while it is not known how it went; in ms. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 250;

/**
 * The sale: buyers come evenly, one order each. What they were answered is what the oracle is told.
 * @returns {{ answers, repeated }} `answers`: of each buyer, `{ at, orderId?, code?, userId, key }`
 */
export async function sell({ api, options, customers, product }) {
  const random = randomFrom(options.seed);
  const answers = [];
  let [repeated, asked] = [0, 0];
  const ask = async (buyer) => {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      asked++;
      const answer = await api.call('POST', '/orders', buyer).catch(() => ({ status: 0, body: { code: 'no answer' } }));
      const { code } = answer.body ?? {};
      if (answer.status === 201) return { orderId: answer.body.data.order.id };
      if (!isWorthRepeating(answer.status, code) || Date.now() > until) return { code };
      await pause(PAUSE_MS);
    }
  };
  await pace({
    count: options.buyers,
    rate: options.buyers / options.seconds,
    signal: new AbortController().signal,
    work: async () => {
      const customer = pick(random, customers);
      const buyer = { token: customer.token, key: randomUUID(), body: { stockId: product.stockId, quantity: 1 } };
      const twice = random() * 100 < options.repeat;
      if (twice) repeated++;
      const answered = await Promise.all([ask(buyer), ...(twice ? [ask(buyer)] : [])]);
      for (const answer of answered) {
        answers.push({ at: performance.now(), userId: customer.id, key: buyer.key, ...answer });
      }
    },
  });
  return { answers, repeated, asked };
}
