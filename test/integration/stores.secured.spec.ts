import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { eventually } from '../support/eventually';
import { root } from '../support/launcher';
import { OrderSuite, oneOf } from '../support/orders';
import { SecuredStores } from '../support/secured-stores';
import { Service } from '../support/service';
import { someProduct } from '../support/stock';

const START_MS = 60_000;

describe('with a Redis and a MongoDB that want TLS and a password', () => {
  const environment = { ...process.env };
  let stores: SecuredStores;
  let suite: OrderSuite;

  beforeAll(async () => {
    stores = await SecuredStores.start();
    Object.assign(process.env, stores.environment);
    suite = await OrderSuite.start('stock', 'orders', 'processor');
  }, START_MS);
  afterAll(async () => {
    await suite?.stop();
    process.env = environment;
    await stores?.stop();
  });

  it('an order goes all its way: messages, documents, queue', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product));
    await expect(suite.ended(order.id)).resolves.toMatchObject({ status: 'CONFIRMED' });
    for (const service of suite.services) expect(service.log).not.toMatch(/NOPERM|WRONGPASS|NOAUTH/);
  });

  it('nobody else comes in', async () => {
    const { redisPort, ca, password } = stores;
    const quiet = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 };
    const tries: Redis[] = [
      new Redis(redisPort, { ...quiet }), // no TLS
      new Redis(redisPort, { ...quiet, tls: {}, username: 'shop', password }), // an authority that is not known
      new Redis(redisPort, { ...quiet, tls: { ca: readFileSync(ca) } }),
      new Redis(redisPort, { ...quiet, tls: { ca: readFileSync(ca) }, username: 'shop', password: 'a guess' }),
    ];
    for (const redis of tries) {
      redis.on('error', () => undefined);
      await expect(redis.connect().then(() => redis.ping())).rejects.toThrow();
      redis.disconnect();
    }
    for (const who of ['', 'shop:a-guess@']) {
      const client = new MongoClient(stores.uri(who, who && '&authSource=admin'), { serverSelectionTimeoutMS: 2_000 });
      await expect(client.db('orders').collection('orders').findOne()).rejects.toThrow(/auth/i);
      await client.close();
    }
  });

  it('a wrong password is said, but not what it is', async () => {
    const env = { ...process.env, ...suite.wires.environment, LOG_DIR: 'none', REDIS_PASSWORD: 'not-the-right-one' };
    const args = ['--require', join(root, 'test/support/typescript.js'), join(root, 'apps/stock/src/main.ts')];
    const service = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    service.stdout.on('data', (data: Buffer) => (said += data.toString()));
    await eventually(() => expect(said).toMatch(/Redis is away \(WRONGPASS/), { timeoutMs: 30_000 });
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(said).not.toContain('not-the-right-one');
    expect(said).not.toContain(stores.password);
  });

  it('a certificate of the authority that is not there is said by its setting', async () => {
    const own = { ...suite.wires.environment, REDIS_TLS_CA: '/nowhere/ca.pem' };
    await expect(Service.start('apps/stock/src/main.ts', own)).rejects.toThrow(/78[\s\S]*REDIS_TLS_CA must be a file/);
  });
});
