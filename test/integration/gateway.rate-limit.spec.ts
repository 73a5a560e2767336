import { START_MS, codeIn, GatewayProcess, makeToken } from '../support/gateways';
import { newId } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateways: GatewayProcess[];

beforeAll(async () => {
  wires = await openWires();
  const limits = { RATE_LIMIT_MAX: '6', RATE_LIMIT_WINDOW: '60000', AUTH_RATE_LIMIT_MAX: '3' };
  gateways = await Promise.all([GatewayProcess.start(wires, limits), GatewayProcess.start(wires, limits)]);
}, START_MS);
beforeEach(() => wires.redis.flushdb());
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await wires.close();
});

/** One after the other, by both replicas in turn. */
async function codes(count: number, send: (gateway: GatewayProcess) => ReturnType<GatewayProcess['get']>) {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push(await send(gateways[i % 2]));
  return answers.map(codeIn);
}

const times = (count: number, code: string): string[] => Array<string>(count).fill(code);
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('the limit', () => {
  it('holds across replicas, for one address', async () => {
    const look = (gateway: GatewayProcess) => gateway.get('/products/42', from('203.0.113.1'));
    expect(await codes(8, look)).toEqual([...times(6, '400 VALIDATION_FAILED'), ...times(2, '429 RATE_LIMITED')]);
    expect(codeIn(await gateways[0].get('/products/42', from('203.0.113.2')))).toBe('400 VALIDATION_FAILED');
  });

  it('says where the client stands, and when to come back', async () => {
    const first = await gateways[0].get('/products/42', from('203.0.113.3'));
    expect(first.headers['ratelimit-policy']).toBe('"default";q=6;w=60');
    expect(first.headers.ratelimit).toMatch(/^"default";r=5;t=(60|59)$/);
    await codes(5, (gateway) => gateway.get('/products/42', from('203.0.113.3')));
    const last = await gateways[1].get('/products/42', from('203.0.113.3'));
    expect(last.status).toBe(429);
    expect(last.headers.ratelimit).toMatch(/^"default";r=0;t=\d+$/);
    const seconds = Number(last.headers['retry-after']);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(last.json.retryAfter).toBe(seconds);
  });

  it('counts a user wherever the requests come from, and two users of one address apart', async () => {
    const [jo, max] = [newId(), newId()];
    let n = 0;
    const look = (sub: string) => (gateway: GatewayProcess) =>
      gateway.get('/orders/42', { token: makeToken({ sub }), headers: { 'x-forwarded-for': `198.51.100.${n++}` } });
    expect(await codes(7, look(jo))).toEqual([...times(6, '400 VALIDATION_FAILED'), '429 RATE_LIMITED']);
    expect(await codes(1, look(max))).toEqual(['400 VALIDATION_FAILED']);
  });

  it('is lower where passwords are tried, by address, whoever it is', async () => {
    const login = (gateway: GatewayProcess) => gateway.post('/auth/login', {}, from('203.0.113.4'));
    expect(await codes(4, login)).toEqual([...times(3, '400 VALIDATION_FAILED'), '429 RATE_LIMITED']);
    const answer = await gateways[0].post('/auth/register', {}, from('203.0.113.4'));
    expect(codeIn(answer)).toBe('429 RATE_LIMITED');
    expect(answer.headers['ratelimit-policy']).toBe('"default";q=6;w=60, "auth";q=3;w=900');
  });

  it('does not count health, documents, and the board', async () => {
    const token = makeToken({ role: 'admin' });
    for (const path of ['/health/live', '/api/docs', '/admin/queues/api/queues']) {
      const answers = await codes(8, (gateway) => gateway.get(path, { token, ...from('203.0.113.5') }));
      expect([path, answers]).toEqual([path, times(8, '200')]);
    }
  });

  it('survives that Redis forgets the script', async () => {
    await wires.redis.script('FLUSH');
    expect(codeIn(await gateways[0].get('/products/42', from('203.0.113.6')))).toBe('400 VALIDATION_FAILED');
  });

  it('always ends: every counter has a time to live', async () => {
    await codes(3, (gateway) => gateway.post('/auth/login', {}, from('203.0.113.7')));
    const keys = await wires.redis.keys('rate:*');
    expect(keys.length).toBe(2);
    for (const key of keys) expect(await wires.redis.pttl(key)).toBeGreaterThan(0);
  });
});
