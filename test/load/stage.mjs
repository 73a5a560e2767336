import { randomUUID } from 'node:crypto';
import { each } from './api.mjs';
import { scenarios } from './scenarios.mjs';

const PASSWORD = 'Corr3ct-horse!';
/** Passwords are hashed on purpose slowly; more at once would only wait. */
const WIDTH = 8;

/** Signs in the admin, whom prices and tiers need. */
export async function signInAdmin(api) {
  const { ADMIN_EMAIL: email = 'admin@example.com', ADMIN_PASSWORD: password = 'admin123' } = process.env;
  return (await api.need('POST', '/auth/login', { body: { email, password } })).token;
}

/** New customers, the first of them VIP: `{ id, token, tier }`. The tier is in the token, so it is given before signing in. */
export function makeCustomers(api, admin, { users, vip }) {
  const run = randomUUID().slice(0, 8);
  const vips = Math.round(users * vip);
  return each(Array.from({ length: users }), WIDTH, async (_, index) => {
    const tier = index < vips ? 'vip' : 'standard';
    const email = `load-${run}-${index}@example.com`;
    const { id } = await api.need('POST', '/auth/register', {
      body: { email, password: PASSWORD, name: `Load ${index}` },
    });
    if (tier === 'vip') await api.need('PATCH', `/users/${id}`, { body: { tier }, token: admin });
    const { token } = await api.need('POST', '/auth/login', { body: { email, password: PASSWORD } });
    return { id, token, tier };
  });
}

/** New products with `stock` units each: `{ id, name, stockId, stock }`. */
export function makeProducts(api, admin, options) {
  const run = randomUUID().slice(0, 8);
  const { stock } = options;
  return each(Array.from({ length: scenarios[options.scenario].products(options) }), WIDTH, async (_, index) => {
    const body = {
      sku: `LOAD-${run}-${index}`,
      name: `Load ${run} ${index}`,
      category: 'load',
      price: 19.99,
      initialStock: stock,
    };
    const { data } = await api.need('POST', '/products', { body, token: admin });
    return { id: data.id, name: data.name, stockId: data.stock.id, stock };
  });
}

/** What was made for the run leaves the catalogue again; its orders and its ledger stay. */
export function clearProducts(api, admin, products) {
  return each(products, WIDTH, ({ id }) => api.call('DELETE', `/products/${id}`, { token: admin }));
}
