import { eventually } from '../support/eventually';
import { START_MS, codeIn, GatewayProcess } from '../support/gateways';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateway: GatewayProcess;

beforeAll(async () => {
  wires = await openWires();
  gateway = await GatewayProcess.start(wires, { CORS_ORIGINS: 'https://shop.example, https://admin.example' });
}, START_MS);
afterAll(async () => {
  await gateway.stop();
  await wires.close();
});

describe('below /api', () => {
  it.each(['/orders', '/order', '/api/orders', '/api/order', '/api/orders/', '/api/users'])(
    '%s is the same resource',
    async (path) => expect(codeIn(await gateway.get(path))).toBe('401 UNAUTHORIZED'),
  );

  it('problems name the path without it', async () => {
    expect((await gateway.get('/api/orders?limit=1')).json.instance).toBe('/orders');
  });

  it.each(['/api', '/api/', '/api/health', '/api/health/live', '/api/metrics', '/api/api/orders', '/docs'])(
    '%s is nothing',
    async (path) => expect(codeIn(await gateway.get(path))).toBe('404 NOT_FOUND'),
  );

  it.each(['/api/docs', '/api/docs/', '/api/docs-json', '/api/docs/swagger-ui.css'])(
    '%s is the documents',
    async (path) => expect((await gateway.get(path)).status).toBe(200),
  );
});

describe('a request id', () => {
  it('of the caller is kept when it is sane', async () => {
    const { headers } = await gateway.get('/health/live', { headers: { 'x-request-id': 'cart-42_a.b' } });
    expect(headers['x-request-id']).toBe('cart-42_a.b');
  });

  it.each(['x'.repeat(101), 'a b', '<script>', 'a;b', ''])('is a new one instead of %j', async (id) => {
    const { headers } = await gateway.get('/health/live', { headers: { 'x-request-id': id } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('stands in the log line of its request, with what came of it, and without query or token', async () => {
    const headers = { 'x-request-id': 'traced-1', authorization: 'Bearer secret.secret.secret' };
    await gateway.post('/api/orders?token=secret', {}, { headers });
    const lines = await eventually(() => {
      const found = gateway.service.log.split('\n').filter((line) => line.includes('traced-1'));
      expect(found).not.toEqual([]);
      return found;
    });
    expect(lines).toEqual([expect.stringMatching(/POST \/orders 401 UNAUTHORIZED \d+ ms/)]);
    expect(gateway.service.log).not.toMatch(/secret\.secret|token=/);
  });
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    gateway.call('OPTIONS', '/orders', { headers: { origin, 'access-control-request-method': 'POST' } });

  it('may call when they are on the list, with cookies, and read what they need', async () => {
    const { status, headers } = await preflight('https://shop.example');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-credentials': 'true',
    });
    const answer = await gateway.get('/health/live', { headers: { origin: 'https://admin.example' } });
    expect(answer.headers['access-control-allow-origin']).toBe('https://admin.example');
    expect(answer.headers['access-control-expose-headers']).toContain('x-request-id');
    expect(answer.headers.vary).toMatch(/origin/i);
  });

  it.each([
    ...['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'https://shop.example:444'],
    ...['https://SHOP.example', 'null', '*'],
  ])('may not when they are %s', async (origin) => {
    expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
    const answer = await gateway.get('/problems', { headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('every answer', () => {
  it.each(['/problems', '/nowhere', '/orders', '/api/docs', '/admin/queues'])(
    'of %s is safe in a browser',
    async (path) => {
      const { headers } = await gateway.get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'x-request-id': expect.any(String) as string,
      });
      expect(headers['content-security-policy']).toMatch(/script-src 'self'/);
      expect(headers['content-security-policy']).not.toMatch(/upgrade-insecure-requests|https:/);
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    },
  );
});
