import { eventually } from '../support/eventually';
import { START_MS, codeIn, GatewayProcess, makeToken, type Answer } from '../support/gateways';
import { OwnRedis } from '../support/redis';
import { Service } from '../support/service';
import { openWires, type Wires } from '../support/wires';

interface HealthView {
  status: string;
  info: object;
  error: object;
  details: Record<string, { status: string; reason?: string }>;
}
const healthIn = ({ json }: Answer): HealthView => json as unknown as HealthView;
const downIn = (answer: Answer): string[] => Object.keys(healthIn(answer).error).sort();

let wires: Wires;
let redis: OwnRedis;
let gateway: GatewayProcess;
let stock: Service;

beforeAll(async () => {
  redis = await OwnRedis.start();
  wires = await openWires();
  wires.database('stock');
  const environment = { ...wires.environment, REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port), REDIS_DB: '0' };
  [gateway, stock] = await Promise.all([
    GatewayProcess.start(wires, environment),
    Service.start('apps/stock/src/main.ts', environment),
  ]);
}, START_MS);
afterAll(async () => {
  await Promise.all([gateway.stop(), stock.stop()]);
  await redis.remove();
  await wires.close();
});

describe('health', () => {
  it('tells what is there and what is not, and nothing that should not be told', async () => {
    const answer = await eventually(async () => {
      const found = await gateway.get('/health');
      expect(downIn(found)).toEqual(['auth', 'chatbot', 'notifications', 'orders', 'payments']);
      return found;
    });
    expect(answer.status).toBe(503);
    const { status, details } = healthIn(answer);
    expect(status).toBe('error');
    expect(details).toMatchObject({
      stock: { status: 'up' },
      mongodb: { status: 'up' },
      redis: { status: 'up' },
      queues: { status: 'up' },
      auth: { status: 'down', reason: 'no answer' },
    });
    expect(answer.text).not.toMatch(/mongodb:|redis:\/\/|127\.0\.0\.1|password/);
  });

  it('is ready without mails, but not without those who take orders', async () => {
    const answer = await gateway.get('/health/ready');
    expect([answer.status, downIn(answer)]).toEqual([503, ['auth', 'orders']]);
  });

  it('is alive whatever is away, and asks nobody about it', async () => {
    const answer = await gateway.get('/health/live', { token: makeToken() });
    expect([answer.status, answer.json.status]).toEqual([200, 'ok']);
  });
});

it('without Redis nobody comes in, at once, and everybody does again when it is back', async () => {
  const token = makeToken();
  expect(codeIn(await gateway.get('/orders/42', { token }))).toBe('400 VALIDATION_FAILED');
  await redis.kill();
  const patience = 2_500;
  for (const path of ['/orders/42', '/products', '/auth/profile']) {
    const begun = Date.now();
    const answer = await gateway.get(path, { token });
    expect([path, codeIn(answer), Date.now() - begun < patience]).toEqual([path, '503 SERVICE_UNAVAILABLE', true]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }
  expect((await gateway.get('/health/live', { token })).status).toBe(200);
  await eventually(async () => {
    const ready = await gateway.get('/health/ready');
    expect([ready.status, healthIn(ready).details.redis.status]).toEqual([503, 'down']);
  });
  expect((await gateway.get('/admin/queues', { token: makeToken({ role: 'admin' }) })).status).toBe(503);

  await redis.start();
  await eventually(async () =>
    expect(codeIn(await gateway.get('/orders/42', { token }))).toBe('400 VALIDATION_FAILED'),
  );
  await eventually(async () => expect((await gateway.get('/products')).status).toBe(200));
  expect(gateway.service.process.exitCode).toBeNull();
});
