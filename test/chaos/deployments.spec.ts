import { QueueEvents } from 'bullmq';
import { eventually } from '../support/eventually';
import { suiteProcesses, type SuiteProcess } from '../support/processes';
import { whileOrdering } from './load';
import { form, isLong } from './plan';
import { endings } from './records';
import { expectRow } from './row';
import { Shop } from './shop';
import { isBack, replicasOf } from './trouble';

jest.setTimeout(300_000);

const CALLERS = 16;
/** A process that is told to end has ended by then. */
const ENDED_MS = 10_000;

describe('a deployment', () => {
  let shop: Shop;
  let queue: QueueEvents;
  const stalled: string[] = [];
  beforeAll(async () => {
    shop = await Shop.open();
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    queue = new QueueEvents('orders', { connection: { host, port: Number(port) } });
    queue.on('stalled', ({ jobId }) => stalled.push(jobId));
    await queue.waitUntilReady();
  });
  afterAll(async () => {
    await queue?.close();
    await shop?.close();
  });

  it('P12: that ends one process after the other in good order is noticed by nobody', async () => {
    const replicated = suiteProcesses().filter(({ replica }) => replica === 2);
    const ending = replicated.flatMap(({ name }) => replicasOf(name).slice(0, form(1, 2)));
    const before = endings().length;
    const attempts = await expectRow(
      'P12 deployment',
      shop,
      () =>
        whileOrdering(shop, CALLERS, async () => {
          for (const replica of ending) await endInOrder(replica);
        }),
      { mayEnd: 'exit code 0' },
    );
    expect(attempts.flatMap(({ answers }) => answers).filter(({ what }) => what !== '201')).toEqual([]);
    expect(attempts.length).toBeGreaterThan(CALLERS);
    expect(stalled).toEqual([]);
    const hows = endings().slice(before);
    expect(hows).toEqual(ending.map(({ label }) => ({ label, how: 'exit code 0' })));
  });
});

/** As a deployment does: says so, and waits until it has ended, and until the next one is there. */
async function endInOrder(replica: SuiteProcess): Promise<void> {
  process.kill(replica.pid, 'SIGTERM');
  const find = () => suiteProcesses().find(({ label }) => label === replica.label)!;
  await eventually(() => expect(find().pid).not.toBe(replica.pid), { timeoutMs: ENDED_MS });
  // In the short form the other replica of the next one is there anyway.
  if (isLong) await isBack(replica);
}
