import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { anonymous } from '../support/client';
import { eventually } from '../support/eventually';
import { frozen } from '../support/processes';
import { placeBaseLoad, whileOrdering } from './load';
import { form, Plan } from './plan';
import { expectRow } from './row';
import { Shop } from './shop';
import { keepDown } from './trouble';

jest.setTimeout(300_000);

const CALLERS = 4;

/**
 * For how long nobody waits in vain while a store is away; the short form leaves room for a machine that has other things
 * to do. One that is there and says nothing is found out later.
 */
const outages = [
  { how: 'is gone', away: keepDown, answeredMs: form(4_000, 2_500) },
  { how: 'is silent', away: (name: string, ms: number) => frozen(name, () => pause(ms)), answeredMs: 6_000 },
];
const cases = ['mongodb', 'redis'].flatMap((name) =>
  outages.flatMap((outage) => form([3], [3, 15, 60]).map((seconds) => ({ name, seconds, ...outage }))),
);

describe('a store', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop?.close());

  it('P10: that forgets everything under load costs no order', async () => {
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    const redis = new Redis({ host, port: Number(port) });
    await expectRow(
      'P10 Redis is emptied',
      shop,
      async () => {
        const placing = placeBaseLoad(shop, new Plan('forget'), { overMs: form(6_000, 30_000) });
        for (let times = 0; times < form(1, 3); times++) {
          await pause(form(3_000, 7_500));
          await redis.flushall();
        }
        await placing;
      },
      { quietWithinMs: 60_000 },
    ).finally(() => redis.disconnect());
  });

  it.each(cases)('P11: $name $how for $seconds s: nobody hangs, and work goes on by itself', async (one) => {
    const { name, how, seconds, away, answeredMs } = one;
    const served = (since: number) =>
      shop.attempts.flatMap(({ orderId, answers }) => answers.filter(({ at }) => orderId && at > since));
    const attempts = await expectRow(`P11 ${name} ${how}, ${seconds} s`, shop, () =>
      whileOrdering(shop, CALLERS, async () => {
        await eventually(() => expect(served(performance.now() - 1_000).length).toBeGreaterThan(CALLERS));
        const outage = away(name, seconds * 1_000);
        await eventually(() => expectHealth('ready', 503), { timeoutMs: seconds * 1_000, everyMs: 100 });
        await expectHealth('live', 200);
        await outage;
        const back = performance.now();
        await eventually(() => expect(served(back).length).toBeGreaterThan(CALLERS), { timeoutMs: 15_000 });
      }),
    );
    const answers = attempts.flatMap((attempt) => attempt.answers);
    expect(answers.filter(({ ms }) => ms > answeredMs)).toEqual([]);
    const refusals = answers.filter(({ what }) => what !== '201');
    expect(refusals.filter(({ what, retryAfter }) => !/^50[34] /.test(what) || !Number(retryAfter))).toEqual([]);
    await eventually(() => expectHealth('ready', 200), { timeoutMs: 15_000 });
  });
});

async function expectHealth(path: 'live' | 'ready', status: number): Promise<void> {
  expect((await anonymous.get(`/health/${path}`)).status).toBe(status);
}
