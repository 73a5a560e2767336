import { randomBytes } from 'node:crypto';
import { eventually } from '../support/eventually';
import { START_MS, codeIn, GatewayProcess, makeToken } from '../support/gateways';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateways: GatewayProcess[] = [];

const admin = makeToken({ role: 'admin' });
const [JWT_SECRET, CALLER_SECRET] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];

beforeAll(async () => {
  wires = await openWires();
  gateways = await Promise.all([
    GatewayProcess.start(wires, { RATE_LIMIT_MAX: '3' }),
    GatewayProcess.start(wires, { NODE_ENV: 'production', JWT_SECRET, CALLER_SECRET }),
  ]);
}, START_MS);
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await wires.close();
});

const codes = async (count: number, path: string, token: string) => {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push(codeIn(await gateways[0].get(path, { token })));
  return answers;
};

it('does not count what an admin’s console reads, but all else of an admin, and all of a user', async () => {
  for (const path of ['/admin', '/admin/demo', '/admin/console/app.js']) {
    expect(await codes(6, path, admin)).toEqual(Array<string>(6).fill('200'));
  }
  expect(await codes(4, '/stock/low?limit=0', admin)).toEqual(Array<string>(4).fill('400 VALIDATION_FAILED'));
  const refused = '400 VALIDATION_FAILED';
  expect(await codes(4, '/products/42', admin)).toEqual([refused, refused, refused, '429 RATE_LIMITED']);
  const shut = '403 FORBIDDEN';
  expect(await codes(4, '/admin/demo', makeToken())).toEqual([shut, shut, shut, '429 RATE_LIMITED']);
});

it('runs no demonstration in production, and says so', async () => {
  const [trying, production] = gateways;
  const token = makeToken({ role: 'admin', secret: JWT_SECRET });
  expect((await production.get('/admin/demo', { token })).json.data).toEqual({ enabled: false });
  expect(codeIn(await production.post('/admin/demo', { kind: 'trickle' }, { token }))).toBe('403 FORBIDDEN');
  expect(codeIn(await production.call('DELETE', '/admin/demo', { token }))).toBe('403 FORBIDDEN');
  expect((await trying.get('/admin/demo', { token: admin })).json.data).toEqual({ enabled: true });
});

it('shows a demonstration as failed when the gateway that ran it is gone', async () => {
  const run = { id: 'a'.repeat(24), kind: 'trickle', state: 'running', planned: 90, lanes: [] };
  await wires.redis.set('demo:run', JSON.stringify(run));
  const { data } = (await gateways[0].get('/admin/demo', { token: admin })).json as { data: { run: object } };
  expect(data.run).toMatchObject({ state: 'failed', error: expect.stringContaining('has ended') });
  await wires.redis.del('demo:run');
});

it('sees every process that is there, and misses one that has ended', async () => {
  const third = await GatewayProcess.start(wires);
  const seen = async () => {
    const { data } = (await gateways[0].get('/admin/operations', { token: admin })).json as {
      data: { processes: { service: string; id: string; loopLagMs: number; busy: number; memory: number }[] };
    };
    return data.processes.filter(({ service }) => service === 'gateway');
  };
  await eventually(async () => expect(await seen()).toHaveLength(3));
  for (const { loopLagMs, busy, memory } of await seen()) {
    expect(loopLagMs).toBeGreaterThanOrEqual(0);
    expect(busy).toBeLessThanOrEqual(100);
    expect(memory).toBeGreaterThan(10_000_000);
  }
  await third.stop();
  await eventually(async () => expect(await seen()).toHaveLength(2));
});

it('tells how the suite is when hardly anything of it is there', async () => {
  const answer = await gateways[0].get('/admin/operations', { token: admin });
  const { data } = answer.json as { data: { parts: { name: string; status: string }[]; debtsKnown: boolean } };
  expect([answer.status, data.debtsKnown]).toEqual([200, false]);
  expect(data.parts.find(({ name }) => name === 'redis')!.status).toBe('up');
  expect(data.parts.find(({ name }) => name === 'stock')!.status).toBe('down');
});
