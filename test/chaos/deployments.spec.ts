import { setTimeout as pause } from 'node:timers/promises';
import { QueueEvents } from 'bullmq';
import { eventually } from '../support/eventually';
import { suiteProcesses, type SuiteProcess } from '../support/processes';
import { placeBaseLoad } from './load';
import { form, isLong, Plan } from './plan';
import { expectRow } from './row';
import { closeShop, openShop, type Shop } from './shop';
import { endings, isBack, replicasOf } from './trouble';

jest.setTimeout(300_000);

/** Everything that is ours and has replicas, in the order of a deployment: who is asked before who asks. */
const rolling = (): string[] => {
  const names = suiteProcesses().filter(({ replica }) => replica === 2);
  return names.map(({ name }) => name).reverse();
};

describe('a deployment', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => closeShop(shop));

  it('P12: that ends one process after the other in good order is noticed by nobody', async () => {
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    const events = new QueueEvents('orders', { connection: { host, port: Number(port) } });
    const stalled: string[] = [];
    events.on('stalled', ({ jobId }) => stalled.push(jobId));
    await events.waitUntilReady();
    const before = endings().length;
    let ended = 0;

    const attempts = await expectRow(
      'P12 deployment',
      shop,
      async () => {
        let deploying = true;
        const placing = (async () => {
          const all = [];
          for (let n = 0; deploying; n++) {
            all.push(
              ...(await placeBaseLoad(shop, new Plan(`deployment ${n}`), { orders: 60, overMs: 2_000, hot: 0 })),
            );
          }
          return all;
        })();
        for (const name of rolling()) {
          for (const replica of replicasOf(name).slice(0, form(1, 2))) {
            await endInOrder(replica);
            ended++;
          }
        }
        await pause(1_000);
        deploying = false;
        return placing;
      },
      { mayEnd: ['exit code 0'] },
    );
    await events.close();

    expect(attempts.filter(({ retries }) => retries > 0).map(({ status, code }) => `${status} ${code}`)).toEqual([]);
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([201]));
    expect(stalled).toEqual([]);
    expect(
      endings()
        .slice(before)
        .map(({ how }) => how),
    ).toEqual(Array(ended).fill('exit code 0'));
  });
});

/** As a deployment does: says so, and waits until it has ended; in the long form until the next one is there, too. */
async function endInOrder(replica: SuiteProcess): Promise<void> {
  process.kill(replica.pid, 'SIGTERM');
  await eventually(
    () => {
      const { pid } = suiteProcesses().find(({ label }) => label === replica.label)!;
      if (pid === replica.pid) throw new Error(`${replica.label} has not ended`);
    },
    { timeoutMs: 10_000 },
  );
  if (isLong) await isBack(replica);
}
