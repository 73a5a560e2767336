import { keys } from '../../libs/platform/src/bus/wire';
import { deadLettersOf } from '../support/dead-letters';
import { eventually } from '../support/eventually';
import { Probes } from '../support/probes';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const PATIENCE = { timeoutMs: 25_000 };

describe('asking replicas that die', () => {
  let wires: Wires;
  let probes: Probes;
  const list = (name: string) => wires.redis.lrange(name, 0, -1);
  const begun = (id: string) => eventually(async () => expect(await list('take begun')).toContain(id));
  beforeAll(async () => {
    wires = await openWires();
    probes = new Probes(wires.environment);
    await Promise.all([probes.start('one'), probes.start('two')]);
  });
  beforeEach(async () => {
    await probes.whole();
    await wires.redis.del(...['look', 'take'].flatMap((what) => [`${what} begun`, `${what} done`]));
  });
  afterAll(async () => {
    await probes.stopAll();
    await wires.close();
  });

  it('answers every request when a replica is killed in the middle of them', async () => {
    const ids = Array.from({ length: 400 }, (_, i) => `${i}`);
    const answers = ids.map((id) => wires.ask(probe.await, { id, takes: 50 }));
    await eventually(async () => expect((await list('look done')).length).toBeGreaterThan(50));
    probes.kill('one');
    expect((await Promise.all(answers)).map(({ id }) => id)).toEqual(ids);
    const done = await list('look done');
    expect(new Set(done).size).toBe(400);
    // Again runs only what the dead replica had in hand.
    expect((await list('look begun')).length).toBeLessThanOrEqual(400 + 256);
  });

  it('says that the outcome is unknown where a request is not safe to repeat, and does not repeat it', async () => {
    const taking = wires.ask(probe.takeAndAwait, { id: 'once', deadly: true });
    await expect(taking).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', status: 503, extra: { retryAfter: 1 } });
    // Not at once: a replica that is held up for longer than its lease is taken for dead before it has begun; see below.
    await eventually(async () => expect(await list('take begun')).toEqual(['once']));
  });

  it('says so too when the replica that has it is only held up, which then runs it all the same, once', async () => {
    const both = ['one', 'two'];
    both.forEach((name) => probes.freeze(name));
    try {
      const taking = wires.ask(probe.takeAndAwait, { id: 'late' });
      const [owner] = await busyConsumers();
      probes.thaw(owner === 'one' ? 'two' : 'one');
      await expect(taking).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
      expect(await list('take begun')).toEqual([]);
    } finally {
      both.forEach((name) => probes.thaw(name));
    }
    await eventually(async () => expect(await list('take done')).toEqual(['late']));
    expect(await list('take begun')).toEqual(['late']);
  });

  it('repeats it where it carries an idempotency key', async () => {
    const taking = wires.ask(probe.takeAndAwait, { id: 'keyed', takes: 1_500 }, { idempotencyKey: 'key-1' });
    await begun('keyed');
    const [owner] = await busyConsumers();
    probes.kill(owner);
    expect(await taking).toMatchObject({ id: 'keyed', idempotencyKey: 'key-1' });
    expect(await list('take begun')).toEqual(['keyed', 'keyed']);
    expect(await list('take done')).toEqual(['keyed']);
  });

  it('sets a request aside that kills each replica, and does its neighbours', async () => {
    const before = probes.deaths;
    const neighbours = Array.from({ length: 20 }, (_, i) => `neighbour-${i}`);
    const answers = neighbours.map((id) => wires.ask(probe.await, { id, takes: 100 }));
    const poison = wires.ask(probe.await, { id: 'poison', deadly: true });
    await expect(poison).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
    expect((await Promise.all(answers)).map(({ id }) => id)).toEqual(neighbours);
    expect(await deadLettersOf(wires.redis, 'stock')).toMatchObject([
      { stream: 'rq:{stock}', attempts: 4, message: { p: 'stock.look', d: { id: 'poison' } } },
    ]);
    expect(probes.deaths - before).toBe(3);
    await eventually(async () => expect(await wires.redis.xlen(keys.inbox('stock'))).toBe(0));
  });

  it('loses nothing and fails nobody when replicas are ended under load', async () => {
    const ids = Array.from({ length: 600 }, (_, i) => `${i}`);
    let next = 0;
    const customer = async () => {
      while (next < ids.length) await wires.ask(probe.takeAndAwait, { id: ids[next++], takes: 20 });
    };
    const customers = Array.from({ length: 16 }, customer);
    await eventually(async () => expect((await list('take done')).length).toBeGreaterThan(100));
    expect(await probes.stop('one')).toBe(0);
    await probes.start('three');
    expect(await probes.stop('two')).toBe(0);
    await Promise.all(customers);
    // None twice either: what is not safe to repeat would have failed.
    expect((await list('take done')).sort()).toEqual([...ids].sort());
    expect((await list('take begun')).length).toBe(600);
  });

  /** The names of the replicas that hold a message, found by their process ids. */
  async function busyConsumers(): Promise<string[]> {
    return eventually(async () => {
      const consumers = (await wires.redis.xinfo('CONSUMERS', keys.inbox('stock'), 'stock')) as string[][];
      const busy = consumers
        .filter((fields) => Number(fields[3]) > 0)
        .map((fields) => Number(fields[1].split('-').at(-2)));
      expect(busy).not.toHaveLength(0);
      return busy.map((pid) => probes.nameOf(pid)!);
    }, PATIENCE);
  }
});
