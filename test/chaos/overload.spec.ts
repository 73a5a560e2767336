import { setTimeout as pause } from 'node:timers/promises';
import { newProduct } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { memoryOf } from '../support/memory';
import { frozen, suiteProcesses } from '../support/processes';
import type { OrderView } from '../support/views';
import type { Answer } from './attempt';
import { Flood } from './flood';
import { form, isLong, Plan } from './plan';
import { expectRow } from './row';
import { ordersOf, Shop } from './shop';

jest.setTimeout(600_000);

/** Together more than may wait too long in front of two gateways. */
const CROWD = 400;
const PROBE_EVERY_MS = 50;

/** How many order at the same time when it is found out how much the suite can do. */
const CALLERS = 64;
const CAPACITY_MS = 15_000;
const FLOOD_MS = 60_000;
const TIMES = 3;
/** Of what it can do, so much is done still. The flood comes from this machine, and takes its part of it. */
const STILL_SERVED = 0.8;
const QUICK_MS = 1_000;
const NORMAL_AGAIN_MS = 10_000;
const MORE_MEMORY_MB = 200;

const ORDERS_MEANWHILE = form(60, 600);
const NOT_OURS = ['mongodb', 'redis', 'nginx', 'sandbox'];

const turnedAway = { what: '503 OVERLOADED', retryAfter: '1' };

describe('when too much is going on,', () => {
  const plan = new Plan('overload');
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop?.close());

  const floodOf = async (isVip: boolean) => {
    const customers = shop.customers.filter(({ login }) => (login.user.tier === 'vip') === isVip);
    return new Flood(customers, await newProduct({ stock: 1_000_000 }), plan, shop.attempts);
  };

  it('P15: who comes while many wait too long is turned away at once, and VIPs are not', async () => {
    const [many, one] = [await floodOf(false), await floodOf(true)];
    await expectRow('P15 nobody answers for a while', shop, async () => {
      const coming: Promise<void>[] = [];
      await frozen('orders', async () => {
        coming.push(...times(CROWD).map(() => many.place()));
        await eventually(
          () => {
            coming.push(many.place());
            expect(many.refused).toContainEqual(expect.objectContaining(turnedAway));
          },
          { everyMs: PROBE_EVERY_MS },
        );
        coming.push(one.place());
        await pause(PROBE_EVERY_MS);
        expect(one.answers).toEqual([]);
      });
      await Promise.all(coming);
    });
    expect(one.placed).toHaveLength(1);
    await Promise.all([many.close(), one.close()]);
  });

  // It takes two minutes, and a machine with nothing else to do.
  if (isLong)
    it('P15: three times what it can do does not keep the suite from doing it', async () => {
      const flood = await floodOf(false);
      const ours = suiteProcesses().filter(({ name }) => !NOT_OURS.includes(name));
      const memory = () => ours.map(({ pid }) => memoryOf(pid));
      let [capacity, served, normalAgainMs]: number[] = [];
      let grown: number[] = [];
      await expectRow('P15 three times what it can do', shop, async () => {
        await flood.by(CALLERS, CAPACITY_MS); // Whoever has just started does less.
        flood.answers = [];
        await flood.by(CALLERS, CAPACITY_MS);
        capacity = perSecond(flood.placed, CAPACITY_MS);
        flood.answers = [];
        const before = memory();
        await flood.at(TIMES * capacity, FLOOD_MS);
        served = perSecond(flood.placed, FLOOD_MS);
        grown = memory().map((megabytes, i) => megabytes - before[i]);
        const ended = Date.now();
        await shop.place(shop.someone(plan), shop.products[0]);
        normalAgainMs = Date.now() - ended;
      });
      await flood.close();
      expect(flood.refused.filter(({ what, retryAfter }) => what !== turnedAway.what || !retryAfter)).toEqual([]);
      expect(percentile(flood.refused, 0.95)).toBeLessThan(QUICK_MS);
      expect(served).toBeGreaterThan(STILL_SERVED * capacity);
      expect(normalAgainMs).toBeLessThan(NORMAL_AGAIN_MS);
      expect(Math.max(...grown)).toBeLessThan(MORE_MEMORY_MB);
    });

  it('P16: orders are confirmed while nobody can send a mail, and the mails follow', async () => {
    const tea = await newProduct({ stock: 10_000 });
    await expectRow('P16 notifications are frozen', shop, () =>
      frozen('notifications', async () => {
        const attempts = await each(times(ORDERS_MEANWHILE), 16, () => shop.place(shop.someone(plan), tea));
        const open = (orders: OrderView[]) => orders.filter(({ status }) => status !== 'CONFIRMED');
        await eventually(async () => expect(open(await ordersOf(attempts))).toEqual([]), { timeoutMs: 30_000 });
      }),
    );
  });
});

const perSecond = (answers: Answer[], ms: number): number => (answers.length / ms) * 1_000;

/** In ms; 0 where there is nothing. */
function percentile(answers: Answer[], share: number): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}
