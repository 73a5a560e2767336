import { anonymous } from '../support/client';
import type { HealthView } from '../support/views';

describe('the shop says how it is', () => {
  it('names every service and store, and that they are up', async () => {
    const { status, body } = await anonymous.get('/health');
    const { status: overall, details } = body as HealthView;
    expect([status, overall]).toEqual([200, 'ok']);
    const names = Object.keys(details).join(' ').toLowerCase();
    for (const name of ['auth', 'stock', 'orders', 'payments', 'notifications', 'chatbot', 'mongo', 'redis'])
      expect(names).toContain(name);
    expect(Object.values(details).map((detail) => detail.status)).not.toContain('down');
  });

  it('tells no address and no password', async () => {
    const { text } = await anonymous.get('/health');
    expect(text).not.toMatch(/mongodb(\+srv)?:|redis:\/\/|password|secret/i);
  });

  it.each(['/health/live', '/health/ready'])('answers %s', async (path) => {
    expect((await anonymous.get(path)).status).toBe(200);
  });

  it('keeps its metrics to itself', async () => {
    expect((await anonymous.get('/metrics')).status).toBeGreaterThanOrEqual(400);
  });
});

describe('every answer', () => {
  it('carries the request id of the caller', async () => {
    const reply = await anonymous.get('/health/live', { headers: { 'x-request-id': 'cart-42_a.b' } });
    expect(reply.headers['x-request-id']).toBe('cart-42_a.b');
  });

  it.each([
    ['none', undefined],
    ['one that is too long', 'x'.repeat(1_000)],
    ['one that could forge a line of a log', 'a b\tc'],
    ['one with markup', '<script>'],
  ])('carries a new request id for %s', async (_what, id) => {
    const reply = await anonymous.get('/products', { headers: id ? { 'x-request-id': id } : {} });
    expect(reply.headers['x-request-id']).toMatch(/^[\w.-]{8,100}$/);
    expect(reply.headers['x-request-id']).not.toBe(id);
  });

  it('carries the request id in a problem as well', async () => {
    const reply = await anonymous.get('/nowhere', { headers: { 'x-request-id': 'lost-1' } });
    expect(reply.headers['x-request-id']).toBe('lost-1');
    expect(reply.body).toMatchObject({ requestId: 'lost-1', code: 'NOT_FOUND', status: 404, instance: '/nowhere' });
  });

  it('is safe to show in a browser and does not say what made it', async () => {
    const { headers } = await anonymous.get('/products');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBeDefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers.server ?? '').not.toMatch(/\d/);
  });

  it('lets only known origins read it', async () => {
    const stranger = await anonymous.get('/products', { headers: { origin: 'https://evil.example' } });
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
    const preflight = await anonymous.call('OPTIONS', '/orders', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('comes to a HEAD as to a GET, without the body', async () => {
    const reply = await anonymous.call('HEAD', '/products');
    expect([reply.status, reply.text]).toEqual([200, '']);
  });
});
