import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { anonymous } from '../support/client';
import { eventually } from '../support/eventually';
import { frozen } from '../support/processes';
import { Caller, placeBaseLoad } from './load';
import { form, Plan } from './plan';
import { expectRow } from './row';
import { closeShop, openShop, type Shop } from './shop';
import { keepDown } from './trouble';

jest.setTimeout(300_000);

const CALLERS = 4;

/** For how long nobody waits in vain while a store is away. One that is there and says nothing is found out later. */
const outages = [
  { how: 'is gone', away: keepDown, answeredMs: 2_500 },
  { how: 'is silent', away: (name: string, ms: number) => frozen(name, () => pause(ms)), answeredMs: 6_000 },
];
const cases = ['mongodb', 'redis'].flatMap((name) =>
  outages.flatMap((outage) => form([3], [3, 15, 60]).map((seconds) => ({ name, seconds, ...outage }))),
);

describe('a store', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => closeShop(shop));

  it('P10: that forgets everything under load costs no order', async () => {
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    const redis = new Redis({ host, port: Number(port) });
    await expectRow('P10 Redis is emptied', shop, async () => {
      const placing = placeBaseLoad(shop, new Plan('forget'), { overMs: form(6_000, 30_000) });
      for (let times = 0; times < form(1, 3); times++) {
        await pause(form(3_000, 7_500));
        await redis.flushall();
      }
      return placing;
    });
    redis.disconnect();
  });

  it.each(cases)('P11: $name $how for $seconds s: nobody hangs, and work goes on', async (one) => {
    const { name, how, seconds, away, answeredMs } = one;
    await expectRow(`P11 ${name} ${how}, ${seconds} s`, shop, async () => {
      const callers = shop.customers.slice(-CALLERS).map((customer) => new Caller(customer, shop.products[0]));
      const outage = away(name, seconds * 1_000);
      await eventually(() => expectHealth('ready', 503), { timeoutMs: seconds * 1_000, everyMs: 100 });
      await expectHealth('live', 200);
      await outage;
      const back = performance.now();
      await eventually(
        () => {
          for (const { answers } of callers)
            expect(answers.some(({ status, at }) => status === 201 && at > back)).toBe(true);
        },
        { timeoutMs: 15_000 },
      );
      const attempts = await Promise.all(callers.map((caller) => caller.stop()));
      const answers = callers.flatMap((caller) => caller.answers);
      expect(answers.filter(({ ms }) => ms > answeredMs)).toEqual([]);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.filter(({ status, retryAfter }) => ![503, 504].includes(status) || !Number(retryAfter))).toEqual(
        [],
      );
      return attempts.flat();
    });
    await eventually(() => expectHealth('ready', 200), { timeoutMs: 15_000 });
  });
});

async function expectHealth(path: 'live' | 'ready', status: number): Promise<void> {
  expect((await anonymous.get(`/health/${path}`)).status).toBe(status);
}
