import { healthOf } from '@suite/contracts';
import { keys } from '../../libs/platform/src/bus/wire';
import { eventually } from '../support/eventually';
import { Probes } from '../support/probes';
import { someCaller } from '../support/stock';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const inbox = keys.inbox('stock');

describe('asking over Redis Streams', () => {
  let wires: Wires;
  let probes: Probes;
  const ran = (verb: string) => wires.redis.lrange(`${verb} done`, 0, -1);

  beforeAll(async () => {
    wires = await openWires();
    probes = new Probes(wires.environment);
    await Promise.all([probes.start('one'), probes.start('two')]);
  });
  afterAll(async () => {
    await probes.stopAll();
    await wires.close();
  });

  it('brings the answer, and to the handler the caller, the key and what is left of the time', async () => {
    const caller = someCaller();
    const answer = await wires.ask(probe.look, { id: 'context' }, { caller, idempotencyKey: 'key-1' });
    expect(answer).toMatchObject({ id: 'context', userId: caller.userId, idempotencyKey: 'key-1' });
    expect(answer.left).toBeGreaterThan(4_000);
    expect(answer.left).toBeLessThanOrEqual(5_000);
  });

  it('gives each of many requests to one replica and its own answer to each', async () => {
    const ids = Array.from({ length: 2_000 }, (_, i) => `many-${i}`);
    const answers = await Promise.all(ids.map((id) => wires.ask(probe.await, { id })));
    expect(answers.map(({ id }) => id)).toEqual(ids);
    expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['one', 'two']));
    expect((await ran('look')).filter((id) => id.startsWith('many-')).sort()).toEqual([...ids].sort());
  });

  it('leaves nothing behind in the inbox: neither the backlog nor a password', async () => {
    await wires.ask(probe.look, { id: 'tidy' });
    await eventually(async () => expect(await wires.redis.xlen(inbox)).toBe(0));
  });

  it('brings a thrown Problem across as the Problem it was', async () => {
    const refused = wires.ask(probe.look, { id: 'sku', throws: 'SKU_TAKEN' });
    await expect(refused).rejects.toMatchObject({
      name: 'Problem',
      code: 'SKU_TAKEN',
      status: 409,
      extra: { id: 'sku' },
    });
  });

  it('hides what is broken from the caller and logs it, with its stack and the request', async () => {
    const broken = wires.ask(probe.look, { id: 'bug', throws: 'the secret is in the text' });
    await expect(broken).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      detail: expect.not.stringContaining('secret') as string,
    });
    await eventually(() => {
      const line = `${probes.logOf('one')}\n${probes.logOf('two')}`
        .split('\n')
        .find((text) => text.includes('is in the text'))!;
      expect(JSON.parse(line)).toMatchObject({
        level: 'error',
        requestId: expect.any(String) as string,
        stack: expect.stringContaining('ProbeController.handle') as string,
      });
    });
  });

  it('refuses a body that breaks a rule or has something unknown, without running the handler', async () => {
    const body = { id: '', takes: '5', more: true };
    await expect(wires.ask(probe.look, body as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extra: {
        errors: expect.arrayContaining([
          { path: 'id', message: expect.any(String) as string },
          { path: 'takes', message: expect.any(String) as string },
          { path: 'more', message: expect.any(String) as string },
        ]) as unknown,
      },
    });
    expect(await ran('look')).not.toContain('');
  });

  it('says so when nobody answers such a message', async () => {
    await expect(wires.ask(probe.nobodyAnswers, { id: 'x' })).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
  });

  it('gives up at the time-out of the contract', async () => {
    const began = Date.now();
    await expect(wires.ask(probe.glance, { id: 'slow', takes: 900 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      status: 504,
    });
    expect(Date.now() - began).toBeLessThan(800);
  });

  it('passes on only what is left of the time to what the handler asks itself', async () => {
    const answer = await wires.ask(probe.relay, { id: 'nested' });
    expect(answer.left).toBeGreaterThan(0);
    expect(answer.left).toBeLessThan(450);
    const tooLong = wires.ask(probe.relay, { id: 'nested-slow', takes: 1_000 });
    await expect(tooLong).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('answers for its health', async () => {
    const { checks } = await wires.ask(healthOf('stock'), {});
    expect(checks).toEqual(
      expect.arrayContaining([
        { name: 'redis', status: 'up' },
        { name: 'messages', status: 'up' },
      ]),
    );
  });

  it('refuses new requests at once when too many wait', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4_200 }, (_, i) => wires.ask(probe.await, { id: `flood-${i}` })),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(4_200 - 4_096);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'OVERLOADED', extra: { retryAfter: 1 } });
  });

  // Last, because it takes the replicas away.
  it('does not run a request whose caller has gone', async () => {
    await Promise.all([probes.stop('one'), probes.stop('two')]);
    await expect(wires.ask(probe.glance, { id: 'late' })).rejects.toMatchObject({ code: 'TIMEOUT' });
    const waiting = wires.ask(probe.await, { id: 'in time' });
    await probes.start('three');
    expect(await waiting).toMatchObject({ id: 'in time', by: 'three' });
    await eventually(async () => expect(await wires.redis.xlen(inbox)).toBe(0));
    expect(await wires.redis.lrange('look begun', 0, -1)).not.toContain('late');
  });
});
