import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { Probes } from '../support/probes';
import { OwnRedis } from '../support/redis';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const AWAY_MS = 5_000;
/** The longest that anybody may wait while a store is away. */
const IN_TIME_MS = 2_500;
/** Within so long every process has sent all that it sends by itself, and has not noticed yet that nobody answers. */
const ON_ITS_WAY_MS = 1_500;

interface Outcome {
  code: string;
  ms: number;
}

describe('while Redis is away', () => {
  const before = { ...process.env };
  let redis: OwnRedis;
  let wires: Wires;
  let probes: Probes;
  let internalPort: number;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    Object.assign(process.env, {
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: `${redis.port}`,
      REDIS_PASSWORD: '',
      REDIS_DB: '0',
    });
    internalPort = await freePort();
    wires = await openWires();
    probes = new Probes(wires.environment);
    await Promise.all([probes.start('one', { INTERNAL_PORT: `${internalPort}` }), probes.start('two')]);
  });
  afterAll(async () => {
    await probes.stopAll();
    await wires.close();
    await redis.remove();
    process.env = before;
  });

  const tried = async (asking: Promise<unknown>): Promise<Outcome> => {
    const began = Date.now();
    const code = await asking.then(
      () => 'ok',
      (problem: Problem) => problem.code,
    );
    return { code, ms: Date.now() - began };
  };
  /** Not by spreading: a quick machine asks too often in 5 s for the arguments of one call. */
  const longest = (outcomes: Outcome[]) => outcomes.reduce((longest, { ms }) => Math.max(longest, ms), 0);
  const health = async (path: string) => (await fetch(`http://127.0.0.1:${internalPort}/health/${path}`)).status;

  it('refuses in time, stays alive, and works on by itself when it is back', async () => {
    await wires.ask(probe.look, { id: 'before' });
    expect([await health('live'), await health('ready')]).toEqual([200, 200]);
    const safe = tried(wires.ask(probe.await, { id: 'in hand', takes: 1_000 }));
    const unsafe = tried(wires.ask(probe.takeAndAwait, { id: 'in hand', takes: 1_000 }));
    await eventually(async () => expect(await wires.redis.lrange('take begun', 0, -1)).toContain('in hand'));

    await redis.kill();
    const gone = Date.now();
    const outcomes: Outcome[] = [];
    while (Date.now() - gone < AWAY_MS) {
      outcomes.push(await tried(wires.ask(probe.look, { id: 'away' })));
      outcomes.push(await tried(wires.tell(probe.happened, { id: 'away' })));
      await nextTurn();
    }
    expect(outcomes.length).toBeGreaterThan(10);
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    expect(longest(outcomes)).toBeLessThan(IN_TIME_MS);
    // Once it is known, nobody waits at all.
    expect(longest(outcomes.slice(-10))).toBeLessThan(100);
    expect(await safe).toEqual({ code: 'SERVICE_UNAVAILABLE', ms: expect.any(Number) as number });
    expect(await unsafe).toEqual({ code: 'OUTCOME_UNKNOWN', ms: expect.any(Number) as number });
    expect(Math.max((await safe).ms, (await unsafe).ms)).toBeLessThan(IN_TIME_MS);
    expect([await health('live'), await health('ready')]).toEqual([200, 503]);

    await redis.start();
    const back = Date.now();
    await eventually(() => wires.ask(probe.look, { id: 'back' }), { timeoutMs: 5_000 });
    await eventually(async () => expect(await health('ready')).toBe(200), { timeoutMs: 5_000 - (Date.now() - back) });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => wires.ask(probe.await, { id: `after-${i}`, takes: 20 })),
    );
    expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['one', 'two']));
    expect(probes.deaths).toBe(0);
    // What a replica had in hand was done once and is not done again.
    expect(await wires.redis.lrange('take begun', 0, -1)).toEqual(['in hand']);
  });

  it('loses no fact that was told before', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `told-${i}`);
    await Promise.all(ids.map((id) => wires.tell(probe.happened, { id, takes: 50 })));
    await redis.kill();
    await redis.start();
    await eventually(
      async () => {
        const done = await wires.redis.lrange('stock heard done', 0, -1);
        expect(done).toEqual(expect.arrayContaining(ids));
      },
      { timeoutMs: 20_000 },
    );
  });

  it('ends no process, not even with everything on its way when it dies', async () => {
    // Who has asked once keeps its own stream of answers alive, once a second.
    await Promise.allSettled(Array.from({ length: 20 }, () => wires.ask(probe.relay, { id: 'asked' })));
    redis.freeze();
    await pause(ON_ITS_WAY_MS);
    await redis.kill();
    await eventually(async () => expect((await tried(wires.ask(probe.look, { id: 'gone' }))).ms).toBeLessThan(100));
    await redis.start();
    await eventually(() => wires.ask(probe.look, { id: 'here again' }), { timeoutMs: 5_000 });
    expect(probes.deaths).toBe(0);
  });

  it('does not notice a connection that is cut and comes back at once', async () => {
    const asking = Array.from({ length: 200 }, (_, i) => tried(wires.ask(probe.await, { id: `cut-${i}`, takes: 20 })));
    await wires.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    expect(new Set((await Promise.all(asking)).map(({ code }) => code))).toEqual(new Set(['ok']));
  });

  it('refuses to start on a Redis that evicts', async () => {
    await redis.kill();
    await redis.start('--maxmemory-policy', 'allkeys-lru');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--require', join(__dirname, '../support/typescript.js'), join(__dirname, 'fixtures/probe.main.ts')],
      {
        env: {
          ...process.env,
          LOG_DIR: 'none',
          NODE_ENV: 'production',
          CALLER_SECRET: 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE',
        },
        encoding: 'utf8',
      },
    );
    expect(status).toBe(78);
    expect(stdout).toContain('maxmemory-policy noeviction, but it has allkeys-lru');
  });
});
