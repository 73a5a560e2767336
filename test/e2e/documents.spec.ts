import { anonymous } from '../support/client';
import type { OpenApi } from '../support/openapi';

const read = async () => (await anonymous.get('/api/docs-json')).body as OpenApi;

describe('the documents', () => {
  it('are a page to press in the browser', async () => {
    const page = await anonymous.get('/api/docs');
    const target = page.status === 200 ? page : await anonymous.get(String(page.headers.location));
    expect(target.status).toBe(200);
    expect(target.headers['content-type']).toContain('text/html');
    expect(target.text.toLowerCase()).toContain('swagger');
  });

  it('load the files of their page', async () => {
    const { text } = await anonymous.get('/api/docs');
    const files = [...text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { pathname } = new URL(file, 'http://shop/api/docs');
      expect([pathname, (await anonymous.get(pathname)).status]).toEqual([pathname, 200]);
    }
  });

  it('are OpenAPI 3.1 and know every call that clients are promised', async () => {
    const { openapi, paths } = await read();
    expect(openapi).toMatch(/^3\.1\./);
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api(?=\/)/, '')}`),
    );
    expect(calls).toEqual(expect.arrayContaining(promised));
  });

  it('say for every call what it is for, what it answers, and what it refuses', async () => {
    const { paths } = await read();
    const bare = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { summary, responses }]) => {
          const codes = Object.keys(responses);
          return (
            !summary || !codes.some((code) => /^2/.test(code)) || !codes.some((code) => /^[45]|default/.test(code))
          );
        })
        .map(([method]) => `${method} ${path}`),
    );
    expect(bare.filter((call) => !/health/.test(call))).toEqual([]);
  });

  it('describe every body down to its fields', async () => {
    const { components } = await read();
    const empty = Object.entries(components.schemas).filter(
      ([, { properties }]) => properties && Object.keys(properties).length === 0,
    );
    expect(empty.map(([name]) => name)).toEqual([]);
  });
});

const promised = [
  'POST /auth/register',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/logout',
  'GET /auth/profile',
  'PATCH /auth/profile',
  'DELETE /auth/profile',
  'GET /auth/profile/export',
  'POST /auth/password',
  'POST /auth/password/forgot',
  'POST /auth/password/reset',
  'POST /auth/email/verify',
  'GET /auth/sessions',
  'DELETE /auth/sessions/{id}',
  'GET /users',
  'GET /users/{id}',
  'PATCH /users/{id}',
  'DELETE /users/{id}',
  'GET /products',
  'POST /products',
  'GET /products/{id}',
  'PATCH /products/{id}',
  'DELETE /products/{id}',
  'POST /products/{id}/restore',
  'GET /products/categories',
  'POST /products/import',
  'GET /stock/products-with-stock',
  'GET /stock/products-with-stock/{id}',
  'GET /stock/low',
  'POST /stock/{stockId}/receipts',
  'POST /stock/{stockId}/adjustments',
  'GET /stock/{stockId}/movements',
  'GET /cart',
  'DELETE /cart',
  'POST /cart/items',
  'PATCH /cart/items/{stockId}',
  'DELETE /cart/items/{stockId}',
  'POST /cart/checkout',
  'POST /orders',
  'GET /orders',
  'GET /orders/{id}',
  'GET /admin/orders',
  'GET /admin/orders/export.csv',
  'GET /admin/analytics/summary',
  'GET /admin/analytics/timeseries',
  'GET /admin/analytics/top-products',
  'GET /admin/analytics/recent-orders',
  'POST /chatbot',
  'GET /health',
  'GET /health/live',
  'GET /orders/{id}/payment',
  'POST /payments/webhook/stripe',
  'POST /payments/webhook/paypal',
  'GET /admin/webhooks',
  'POST /admin/webhooks/{id}/replay',
  'GET /health/ready',
  'GET /admin/flow',
  'GET /admin/operations',
  'GET /admin/orders/{id}/story',
  'GET /admin/dlq/{id}/dry-run',
  'GET /admin/demo',
  'POST /admin/demo',
  'DELETE /admin/demo',
];
