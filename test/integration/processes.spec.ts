import { Queue, type ConnectionOptions } from 'bullmq';
import type { Collection } from 'mongodb';
import { healthOf, type Problem } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { Gate } from '../support/gate';
import { Service } from '../support/service';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const KEEPER = 'test/integration/fixtures/keeper.main.ts';
const PATIENCE = { timeoutMs: 25_000 };

describe('a process with a database and a queue', () => {
  let wires: Wires;
  let kept: Collection;
  let gate: Gate;
  /** Through the gate alone: the driver must not find its own way to the members of the replica set. */
  let throughGate: NodeJS.ProcessEnv;
  let service: Service | undefined;
  const found = (id: string) => eventually(async () => expect(await kept.countDocuments({ id })).toBe(1), PATIENCE);
  const ask = (id: string) =>
    wires.ask(probe.look, { id }).then(
      () => 'ok',
      (problem: Problem) => problem.code,
    );

  beforeEach(async () => {
    wires = await openWires();
    kept = wires.database('stock').collection('kept');
    const uri = new URL(wires.environment.MONGODB_URI!);
    gate = new Gate({ host: uri.hostname, port: Number(uri.port || 27_017) });
    await gate.open();
    uri.host = `127.0.0.1:${gate.port}`;
    uri.search = '?directConnection=true';
    throughGate = { ...wires.environment, MONGODB_URI: uri.href };
  });
  afterEach(async () => {
    await service?.stop();
    gate.shut();
    await wires.close();
  });

  it('refuses at once while MongoDB is away, says so, and works on by itself when it is back', async () => {
    service = await Service.start(KEEPER, throughGate);
    expect(await ask('before')).toBe('ok');

    gate.shut();
    await eventually(async () => {
      const { checks } = await wires.ask(healthOf('stock'), {});
      expect(checks).toContainEqual({ name: 'mongodb', status: 'down', detail: 'not connected' });
    }, PATIENCE);
    const began = Date.now();
    expect(await ask('away')).toBe('SERVICE_UNAVAILABLE');
    expect(Date.now() - began).toBeLessThan(500);
    await wires.tell(probe.happened, { id: 'told while it was away' });

    await gate.open();
    await eventually(async () => expect(await ask('back')).toBe('ok'), { timeoutMs: 5_000 });
    await found('told while it was away');
    expect(service.process.exitCode).toBeNull();
  });

  it('starts while MongoDB is away, and is ready when it is there', async () => {
    gate.shut();
    let ready = false;
    const starting = Service.start(KEEPER, throughGate).then((started) => {
      ready = true;
      service = started;
    });
    // It answers before it is ready, and what it answers is that it cannot yet.
    await eventually(async () => expect(await ask('early')).toBe('SERVICE_UNAVAILABLE'), PATIENCE);
    expect(ready).toBe(false);
    await gate.open();
    await starting;
    expect(await ask('ready')).toBe('ok');
    await found('ready');
  });

  it('finishes the job in hand before it ends, with its database still there', async () => {
    service = await Service.start(KEEPER, wires.environment);
    const queue = new Queue('keeping', { connection: wires.redis.options as ConnectionOptions });
    await queue.add('keep', { id: 'job', takes: 1_000 });
    await found('job begun');
    expect(await service.stop()).toBe(0);
    await found('job done');
    expect(await queue.getJobCounts('completed', 'failed', 'active')).toEqual({ completed: 1, failed: 0, active: 0 });
    await queue.close();
  });
});
