import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';
import { refusal, request } from './shop.mjs';

/**
 * @typedef {object} DemoData
 * @property {{ sku: string, name: string, price: number }[]} products
 * @property {{ customer: string, items: { sku: string, quantity: number }[], shippingAddress: object }[]} orders
 */

const ADMIN = { email: 'admin@example.com', password: 'admin123' };
/** Of the demo's customers; auth makes them (SEED_DEMO). */
const PASSWORDS = /** @type {Record<string, string>} */ ({
  'user@example.com': 'user123',
  'vip@example.com': 'vip123',
});

/**
 * Puts a catalogue and a few orders into a suite, through its door, as any client would. May be repeated: one request
 * finds that all is there. The last product is made after everything else, so an interrupted seeding goes on where it
 * was; orders carry idempotency keys.
 *
 * @param {string} url
 * @returns {Promise<string>} what was done, for the reader
 * @throws {Failure} where the demo's users are not, which is so in production
 */
export async function seed(url) {
  const { products, orders } = /** @type {DemoData} */ (
    JSON.parse(readFileSync(join(root, 'scripts/demo-data.json'), 'utf8'))
  );
  const { data: there } = await call(url, 'GET', '/products?limit=100');
  /** @type {Map<string, string>} */
  const ids = new Map(there.map((/** @type {{ sku: string, id: string }} */ { sku, id }) => [sku, id]));
  const missing = products.filter(({ sku }) => !ids.has(sku));
  if (missing.length === 0) return 'there already';

  const admin = await login(url, ADMIN.email, ADMIN.password);
  const create = async (/** @type {DemoData['products'][number]} */ product) => {
    const body = await call(url, 'POST', '/products', { token: admin, body: product, expected: ['SKU_TAKEN'] });
    if (body.data) ids.set(product.sku, body.data.id); // otherwise an admin has archived it, and so it stays
  };
  const [last, ...others] = missing.toReversed();
  await Promise.all(others.map(create));
  await Promise.all(orders.map((order, index) => place(url, ids, order, `demo-order-${index + 1}`)));
  if (last) await create(last);
  return `${missing.length} products, ${orders.length} orders`;
}

/**
 * @param {string} url
 * @param {Map<string, string>} ids of products by sku
 * @param {DemoData['orders'][number]} order
 * @param {string} key
 */
async function place(url, ids, { customer, items, ...rest }, key) {
  const lines = items.flatMap(({ sku, quantity }) => {
    const productId = ids.get(sku);
    return productId ? [{ productId, quantity }] : [];
  });
  if (lines.length === 0) return;
  const token = await login(url, customer, PASSWORDS[customer] ?? '');
  const expected = ['IDEMPOTENCY_KEY_REUSED', 'STOCK_NOT_FOUND', 'INSUFFICIENT_STOCK'];
  await call(url, 'POST', '/orders', { token, key, body: { items: lines, ...rest }, expected });
}

/** @param {string} url @param {string} email @param {string} password @returns {Promise<string>} an access token */
export async function login(url, email, password) {
  const { token } = await call(url, 'POST', '/auth/login', {
    body: { email, password },
    expected: ['INVALID_CREDENTIALS'],
  });
  if (token) return token;
  throw new Failure(
    `${email} cannot log in at ${url}, so this is no demo.`,
    'demo data go only into a suite that was started with SEED_DEMO=true and outside production',
  );
}

/**
 * @param {string} url
 * @param {string} method
 * @param {string} path
 * @param {import('./shop.mjs').Call & { expected?: string[] }} [options]
 * `expected`: codes of problems that are no failure; their body is returned
 * @returns {Promise<any>} the answer's body
 */
async function call(url, method, path, { expected = [], ...options } = {}) {
  const answer = await request(url, method, path, options);
  if (answer.ok || expected.includes(answer.body.code)) return answer.body;
  throw refusal(method, path, answer);
}
