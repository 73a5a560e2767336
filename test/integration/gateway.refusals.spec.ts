import { once } from 'node:events';
import { connect } from 'node:net';
import { START_MS, codeIn, GatewayProcess, makeToken, type Answer } from '../support/gateways';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateway: GatewayProcess;
const token = makeToken();

beforeAll(async () => {
  wires = await openWires();
  gateway = await GatewayProcess.start(wires);
}, START_MS);
afterAll(async () => {
  await gateway.stop();
  await wires.close();
});

/** The form that every refusal has, whichever layer it comes from. */
function expectProblem(answer: Answer, refusal: string): void {
  expect(codeIn(answer)).toBe(refusal);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const { type, title, status, detail, instance, requestId } = answer.json;
  for (const text of [title, detail, instance]) expect(text).toEqual(expect.any(String));
  expect(type).toBe(`/problems/${refusal.split(' ')[1].toLowerCase().replaceAll('_', '-')}`);
  expect(status).toBe(answer.status);
  expect(requestId).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toMatch(/node_modules|\bat \S+ \(|FST_|stack/);
}

describe('every layer answers with a problem', () => {
  it.each<[string, string, Parameters<GatewayProcess['call']>[2], string]>([
    ['the router', 'GET /nowhere', {}, '404 NOT_FOUND'],
    ['the router, for a path that cannot be decoded', 'GET /orders/%zz', {}, '400 VALIDATION_FAILED'],
    ['the router, for an endless id', `GET /orders/${'x'.repeat(500)}`, {}, '400 VALIDATION_FAILED'],
    ['the router, for another method', 'PUT /orders', {}, '405 METHOD_NOT_ALLOWED'],
    ['the router, where an id could stand', 'GET /products/import', {}, '405 METHOD_NOT_ALLOWED'],
    ['the router, before any hook', 'PATCH /orders', { headers: { 'idempotency-key': 'é' } }, '405 METHOD_NOT_ALLOWED'],
    ['the parser of bodies', 'POST /orders', { raw: '{"a":' }, '400 MALFORMED_JSON'],
    ['the guard of prototypes', 'POST /auth/login', { raw: '{"__proto__":{}}' }, '400 VALIDATION_FAILED'],
    ['the limit of bodies', 'POST /orders', { raw: `"${'x'.repeat(300_000)}"` }, '413 PAYLOAD_TOO_LARGE'],
    [
      'the choice of parsers',
      'POST /orders',
      { raw: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      '415 UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a hook', 'POST /orders', { body: {}, headers: { 'idempotency-key': 'é' } }, '400 VALIDATION_FAILED'],
    ['a guard', 'GET /orders', {}, '401 UNAUTHORIZED'],
    ['a guard of roles', 'GET /users', { token }, '403 FORBIDDEN'],
    ['the pipe, for a parameter', 'GET /products/42', {}, '400 VALIDATION_FAILED'],
    ['the pipe, for a query', 'GET /products?limit=0', {}, '400 VALIDATION_FAILED'],
    ['the pipe, for a body', 'POST /orders', { body: { quantity: 1, colour: 'red' }, token }, '400 VALIDATION_FAILED'],
    [
      'the pipe, for a fraction too small to be written with a point',
      'POST /orders',
      { body: { quantity: 1, stockId: '665f1c2e9b3e4a0012345678', priceAtPurchase: 1e-7 }, token },
      '400 VALIDATION_FAILED',
    ],
    ['a controller', 'POST /orders', { body: { quantity: 1 }, token }, '400 VALIDATION_FAILED'],
    ['static files', 'GET /api/docs/../../../etc/passwd', {}, '404 NOT_FOUND'],
  ])('%s: %s', async (_layer, call, sent, refusal) => {
    const [method, path] = call.split(' ');
    expectProblem(await gateway.call(method, path, sent), refusal);
  });

  it('a service that is not there, in the time that it has', async () => {
    expectProblem(await gateway.get('/products'), '504 TIMEOUT');
  });

  it('even the socket, for what is no request at all', async () => {
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(
      /^HTTP\/1\.1 400 [\s\S]+application\/problem\+json[\s\S]+"code":"VALIDATION_FAILED"/,
    );
  });
});

it('names each field that is wrong', async () => {
  const items = [
    { stockId: 'x', quantity: 0 },
    { quantity: 1, __v: 1 },
  ];
  const { json } = await gateway.post('/orders', { items, total: 1 }, { token });
  const paths = (json.errors as { path: string }[]).map(({ path }) => path);
  expect([...new Set(paths)].sort()).toEqual(['items.0.quantity', 'items.0.stockId', 'items.1.__v', 'total']);
});

it('names no more than a hundred of them, and none at any length', async () => {
  const body = { shippingAddress: Array(500).fill({}), ['x'.repeat(10_000)]: 1 };
  const { status, json, text } = await gateway.post('/orders', body, { token });
  expect([status, (json.errors as unknown[]).length]).toEqual([400, 100]);
  expect(text.length).toBeLessThan(20_000);
  const { json: long } = await gateway.post('/orders', { ['x'.repeat(10_000)]: 1 }, { token });
  const longest = (long.errors as { path: string; message: string }[]).find(({ path }) => path.startsWith('x'))!;
  expect([longest.path.length, longest.message.length]).toEqual([200, 500]);
});

it('says which methods a path has', async () => {
  expect((await gateway.call('DELETE', '/orders')).headers.allow).toBe('GET, HEAD, POST');
  expect((await gateway.call('POST', '/api/products/42')).headers.allow).toBe('DELETE, GET, HEAD, PATCH');
  expect((await gateway.call('TRACE', '/orders')).headers.allow).toBe('GET, HEAD, POST');
  expect((await gateway.call('GET', '/products/import')).headers.allow).toBe('POST');
  expect((await gateway.call('DELETE', '/api/products/categories/')).headers.allow).toBe('GET, HEAD');
});

it('explains each code where its type leads', async () => {
  const { json } = await gateway.get('/problems/price-changed');
  expect(json.data).toMatchObject({ code: 'PRICE_CHANGED', status: 409, retryable: false });
  expect(codeIn(await gateway.get('/problems/nonsense'))).toBe('404 NOT_FOUND');
});

describe('queries are read, not guessed', () => {
  it.each([
    ...['page=1e3', 'page=0x10', 'page=+1', 'page=1&page=1', 'page[]=1', 'limit=1.0.0', 'inStock=1', 'inStock=TRUE'],
    ...[
      'minPrice=1.999',
      'minPrice=0.0000001',
      'minPrice=1,5',
      'sort=',
      'nope',
      '__proto__=1',
      'constructor=1',
      'q=a&q=b',
    ],
  ])('%s is refused', async (query) => {
    expect(codeIn(await gateway.get(`/products?${query}`))).toBe('400 VALIDATION_FAILED');
  });
});
