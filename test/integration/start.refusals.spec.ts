import { once } from 'node:events';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Place, Script } from '../support/launcher';

/** One start that must fail before it has started anything; returns what it said. */
async function refusedStart(place: Place, environment: NodeJS.ProcessEnv): Promise<string> {
  const start = new Script('scripts/start.mjs', { ...place.environment, ...environment });
  expect([await start.ended, start.output]).toEqual([1, expect.any(String)]);
  return start.output;
}

describe('npm start refuses, in one line with cause and fix,', () => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.find();
  });
  afterAll(() => place.remove());

  it.each([
    ['a port that is none', { NGINX_PORT: 'eighty' }, 'NGINX_PORT=eighty is not a port'],
    ['one port for two', { NGINX_PORT: '8000', PORT: '8000' }, 'PORT and NGINX_PORT are the same port'],
    ['replicas that are no number', { REPLICAS: 'stock:many' }, 'is not like "2" or "stock:2,orders:3"'],
    ['an unknown mode', { NODE_ENV: 'staging' }, 'NODE_ENV=staging is none of development, test, production'],
  ])('%s', async (_what, environment, reason) => {
    const said = await refusedStart(place, environment);
    expect(said).toContain(`✖ The settings are not right: `);
    expect(said).toContain(reason);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  it('a taken port, by its setting and by who holds it', async () => {
    const holder = createServer().listen(Number(place.ports.SANDBOX_PORT), '127.0.0.1');
    await once(holder, 'listening');
    const said = await refusedStart(place, {});
    holder.close();
    expect(said).toMatch(
      new RegExp(`✖ Port ${place.ports.SANDBOX_PORT} \\(SANDBOX_PORT\\) is taken by .* \\(pid ${process.pid}\\)\\.`),
    );
    expect(said).toMatch(/Fix: stop that program, or choose another port: SANDBOX_PORT=\d+ npm start/);
  });

  it.each([
    ['REDIS_SERVER_BIN', 'redis-server', 'install Redis'],
    ['NODE_BIN', 'node', 'set NODE_BIN to a Node 24'],
  ])('a program that does not run, by %s', async (setting, program, fix) => {
    const said = await refusedStart(place, { [setting]: join(__dirname, 'start.refusals.spec.ts') });
    expect(said).toMatch(new RegExp(`✖ There is no ${program} that runs .*${setting}: .* does not run.* Fix: ${fix}`));
  });

  it('a MongoDB that does not answer, without its password', async () => {
    const said = await refusedStart(place, { MONGODB_URI: 'mongodb://shop:hush-hush@127.0.0.1:9/?replicaSet=rs0' });
    expect(said).toMatch(/✖ MongoDB at mongodb:\/\/127\.0\.0\.1:9\S+ does not answer: .* Fix: start it/);
    expect(said).not.toContain('hush-hush');
  });

  it('a Redis that does not answer', async () => {
    const said = await refusedStart(place, { REDIS_HOST: '127.0.0.1', REDIS_PORT: '9' });
    expect(said).toMatch(/✖ Redis at 127\.0\.0\.1:9 does not answer\. Fix: start it/);
  });

  it('replicas of what there is not', async () => {
    const said = await refusedStart(place, { REPLICAS: 'stocks:2' });
    expect(said).toMatch(/✖ REPLICAS names "stocks", which is no process\. Fix: use one of gateway, /);
  });

  it('and leaves nothing running', () => {
    expect(existsSync(join(place.folder, 'data/run/launcher.json'))).toBe(false);
    expect(existsSync(join(place.folder, 'data/run/state.json'))).toBe(false);
  });
});
