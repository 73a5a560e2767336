import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { newProduct, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, ProductView } from '../support/views';
import type { Attempt } from './attempt';
import { Failpoint } from './failpoint';
import { form, isLong, Plan } from './plan';
import { expectRow } from './row';
import { ordersOf, Shop } from './shop';

jest.setTimeout(300_000);

/** More than all processors together work on at once (PROCESSOR_CONCURRENCY), so that most of them have to wait. */
const STANDARD = form(400, 800);
const VIP = 20;
const AT_ONCE = 2 * 128;

const confirmedAt = ({ history }: OrderView): number =>
  Date.parse(history.find(({ status }) => status === 'CONFIRMED')!.at);

describe('P14: a VIP', () => {
  const plan = new Plan('lanes');
  let shop: Shop;
  let queue: Queue;
  let vips: Customer[];
  let others: Customer[];
  const place = (customers: Customer[], product: ProductView, count: number) =>
    each(times(count), 32, () => shop.place(plan.pick(customers), product));

  beforeAll(async () => {
    shop = await Shop.open();
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    queue = new Queue('orders', { connection: { host, port: Number(port) } });
    vips = shop.customers.filter(({ login }) => login.user.tier === 'vip');
    others = shop.customers.filter(({ login }) => login.user.tier !== 'vip');
  });
  afterAll(async () => {
    await queue?.close();
    await shop?.close();
  });

  it('overtakes the standard orders that wait, though it came after them', async () => {
    const tea = await newProduct({ stock: 10_000 });
    let [waiting, late]: Attempt[][] = [];
    // A backlog that does not depend on how fast this machine is: nobody works while it grows. Frozen workers would not
    // do: what they take up first when they wake, the VIPs, may find connections that have died meanwhile.
    await expectRow('P14 VIPs overtake', shop, async () => {
      await queue.pause();
      waiting = await place(others, tea, STANDARD);
      late = await place(vips, tea, VIP);
      // An order is answered before it is in its lane.
      await eventually(async () => expect(await queue.getPrioritizedCount()).toBe(STANDARD + VIP));
      await queue.resume();
    });
    const lastVip = Math.max(...(await ordersOf(late)).map(confirmedAt));
    const before = (await ordersOf(waiting)).filter((order) => confirmedAt(order) < lastVip);
    // Some were taken in hand at the same moment as the first VIPs: as many as are worked on at once.
    expect(before.length).toBeLessThanOrEqual(AT_ONCE);
  });

  // Takes a minute and more.
  if (isLong) {
    it('comes faster than can be served, and nobody waits for longer than was promised', async () => {
      const [slow, tea] = [await newProduct({ stock: 100_000 }), await newProduct({ stock: 1_000 })];
      const failpoint = Failpoint.set({ at: 'order.claimed', action: 'slow', ms: SLOW_MS, about: slow.sku });
      let waiting: Attempt[] = [];
      await expectRow('P14 VIPs without end', shop, async () => {
        const flood = (async () => {
          for (let second = 0; second < FLOOD_S; second++)
            await Promise.all([place(vips, slow, FLOOD_PER_S), pause(1_000)]);
        })();
        // Once they alone are more than can be worked on at once.
        await pause(BACKLOG_MS);
        waiting = await place(others, tea, 50);
        await flood;
        failpoint.remove();
      });
      const waits = (await ordersOf(waiting)).map((order) => confirmedAt(order) - Date.parse(order.createdAt));
      expect(Math.max(...waits)).toBeLessThan(STANDARD_MAX_WAIT_MS + MARGIN_MS);
      // VIPs first: nobody was taken up long before it was promised.
      expect(Math.min(...waits)).toBeGreaterThan(STANDARD_MAX_WAIT_MS / 2);
    });
  }
});

/** Each VIP order takes so long that all processors together manage 256 / 3 s = 85 a second. */
const SLOW_MS = 3_000;
const FLOOD_PER_S = 120;
const FLOOD_S = 60;
const BACKLOG_MS = 6_000;
/** The default of STANDARD_MAX_WAIT, and what an order then takes by itself. */
const STANDARD_MAX_WAIT_MS = 30_000;
const MARGIN_MS = 5_000;
