import { Redis } from 'ioredis';
import { Janitor } from '../../libs/platform/src/bus/janitor';
import { keys } from '../../libs/platform/src/bus/wire';
import { deadLettersOf } from '../support/dead-letters';
import { eventually } from '../support/eventually';
import { Probes } from '../support/probes';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const PATIENCE = { timeoutMs: 25_000 };

describe('telling facts over Redis Streams', () => {
  let wires: Wires;
  let probes: Probes;
  const list = (name: string) => wires.redis.lrange(name, 0, -1);
  const heard = (service: string) => list(`${service} heard done`);
  /** Facts that a service has not dealt with yet. */
  const pendingOf = async (service: string) =>
    ((await wires.redis.xpending(keys.facts('stock'), service)) as [number])[0];

  beforeAll(async () => {
    wires = await openWires();
    probes = new Probes(wires.environment);
    await wires.tell(probe.happened, { id: 'before anybody was there' });
    await Promise.all([
      ...['stock-1', 'stock-2'].map((name) => probes.start(name)),
      ...['orders-1', 'orders-2'].map((name) => probes.start(name, { PROBE_SERVICE: 'orders' })),
    ]);
  });
  afterAll(async () => {
    await probes.stopAll();
    await wires.close();
  });

  it('lets each service hear each fact once, on one of its replicas, also what was told before it came', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `fact-${i}`);
    await Promise.all(ids.map((id) => wires.tell(probe.happened, { id })));
    for (const service of ['stock', 'orders']) {
      await eventually(async () => expect((await heard(service)).length).toBeGreaterThanOrEqual(301), PATIENCE);
      expect((await heard(service)).sort()).toEqual([...ids, 'before anybody was there'].sort());
    }
  });

  it('tries again, each time a little later, and sets a fact aside after five attempts', async () => {
    await wires.tell(probe.happened, { id: 'broken', throws: 'cannot' });
    const letters = await eventually(async () => {
      const found = await deadLettersOf(wires.redis, 'orders');
      expect(found).toHaveLength(1);
      return found;
    }, PATIENCE);
    expect(letters).toMatchObject([
      { stream: 'ev:{stock}', attempts: 5, error: 'cannot', message: { p: 'stock.happened', k: 'broken' } },
    ]);
    expect((await list('orders heard begun')).filter((id) => id === 'broken')).toHaveLength(5);
    await eventually(async () => expect(await pendingOf('orders')).toBe(0));
  });

  it('sets a fact aside at once that is refused', async () => {
    await wires.tell(probe.happened, { id: 'refused', throws: 'ORDER_NOT_FOUND' });
    await eventually(async () => {
      const letters = await deadLettersOf(wires.redis, 'stock');
      expect(letters.find(({ message }) => (message as { k: string }).k === 'refused')).toMatchObject({ attempts: 1 });
    }, PATIENCE);
    expect((await list('stock heard begun')).filter((id) => id === 'refused')).toHaveLength(1);
  });

  it('does not give up a fact because of the weather', async () => {
    await wires.tell(probe.happened, { id: 'weather', throws: 'SERVICE_UNAVAILABLE' });
    await eventually(async () => {
      expect((await list('stock heard begun')).filter((id) => id === 'weather').length).toBeGreaterThan(6);
    }, PATIENCE);
    const letters = [...(await deadLettersOf(wires.redis, 'stock')), ...(await deadLettersOf(wires.redis, 'orders'))];
    expect(letters.map(({ message }) => (message as { k: string }).k)).not.toContain('weather');
  });

  it('lets another replica hear what a killed one had in hand', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `held-${i}`);
    await Promise.all(ids.map((id) => wires.tell(probe.happened, { id, takes: 300 })));
    await eventually(async () => expect(await list('orders heard begun')).toContain('held-39'), PATIENCE);
    probes.kill('orders-1');
    await eventually(async () => {
      const done = (await heard('orders')).filter((id) => id.startsWith('held-'));
      expect([...new Set(done)].sort()).toEqual([...ids].sort());
    }, PATIENCE);
  });

  it('hears on when Redis was emptied', async () => {
    await wires.redis.flushdb();
    await eventually(async () => {
      await wires.tell(probe.happened, { id: 'after the flood' });
      expect(await heard('stock')).toContain('after the flood');
      expect(await heard('orders')).toContain('after the flood');
    }, PATIENCE);
    await expect(wires.ask(probe.await, { id: 'answers too' })).resolves.toMatchObject({ id: 'answers too' });
  });
});

describe('the janitor', () => {
  const stream = keys.facts('janitor');
  let wires: Wires;
  let redis: Redis;
  /** Facts of a quarter of an hour ago, past their retention, in blocks that Redis trims as a whole. */
  const tellLongAgo = async (count: number) => {
    const then = Date.now() - 900_000;
    const pipeline = redis.pipeline();
    for (let i = 0; i < count; i++) pipeline.xadd(stream, `${then}-${i}`, 'm', 'x');
    await pipeline.exec();
  };
  const turn = async () => {
    const janitor = new Janitor({ redis, away: false, now: () => Date.now() }, stream);
    await redis.del(`janitor:${stream}`);
    await janitor.turn();
    janitor.stop();
  };
  const readAs = (group: string, count: number) =>
    redis.xreadgroup('GROUP', group, 'me', 'COUNT', count, 'STREAMS', stream, '>');

  beforeEach(async () => {
    wires = await openWires();
    redis = wires.redis;
    await tellLongAgo(1_000);
    for (const group of ['orders', 'stock']) await redis.xgroup('CREATE', stream, group, '0');
  });
  afterEach(() => wires.close());

  it('keeps what a group has not read, or not dealt with', async () => {
    await readAs('orders', 1_000);
    await turn();
    expect(await redis.xlen(stream)).toBe(1_000);
    await readAs('stock', 1_000);
    await turn();
    expect(await redis.xlen(stream)).toBe(1_000);
  });

  it('removes what all groups have dealt with and nobody need look up any more', async () => {
    for (const group of ['orders', 'stock']) {
      await readAs(group, 1_000);
      const entries = (await redis.xrange(stream, '-', '+')) as [string, unknown][];
      await redis.xack(stream, group, ...entries.map(([id]) => id));
    }
    await redis.xadd(stream, '*', 'm', 'new');
    await turn();
    expect(await redis.xlen(stream)).toBeLessThan(150);
    expect(await redis.xlen(stream)).toBeGreaterThan(0);
  });
});
