import {
  lineOf,
  newCustomer,
  newProduct,
  placeOrder,
  settled,
  stockOf,
  theAdmin,
  unique,
  type Customer,
} from '../support/builders';
import { anonymous, each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo } from '../support/mailbox';
import { frozen, killAndAwait, suiteProcesses } from '../support/processes';
import type { HealthView, OrderView, PlacedView, ProductView } from '../support/views';

jest.setTimeout(180_000);

const ORDERS = 120;

/** As a good client does: the same key again until the outcome is known, for half a minute at most. */
async function placeStubbornly(jo: Customer, tea: ProductView): Promise<OrderView> {
  const idempotencyKey = unique();
  return eventually(
    async () => {
      const { status, code, data } = await jo.post<PlacedView>('/orders', lineOf(tea), {
        idempotencyKey,
        timeout: 5_000,
      });
      if (status !== 201) throw new Error(`${status} ${code}`);
      return data.order;
    },
    { timeoutMs: 30_000, everyMs: 200 },
  );
}

/** Every replica finds out for itself that a store is back: only a row of good answers says that all have. */
const expectAllBack = (tea: ProductView) =>
  eventually(
    async () => {
      expect((await anonymous.get('/health')).status).toBe(200);
      for (let i = 0; i < 6; i++) await placeOrder(await newCustomer(), tea);
    },
    { timeoutMs: 20_000, everyMs: 250 },
  );

/**
 * One mail is one Message-ID: a process that is killed after the mail server has taken a mail, and before that is
 * written down, has it delivered once more, and mailboxes show it once.
 *
 * The mails that reached the inbox before it died itself died with it: it keeps them in memory.
 */
async function expectOneMailEach(jo: Customer, orders: OrderView[], inboxDied: boolean): Promise<void> {
  await eventually(
    async () => {
      const mails = await mailsTo(jo.email);
      const counts = orders.map(({ number }) => {
        const about = mails.filter(({ subject }) => subject.includes(number));
        return new Set(about.map(({ messageId }) => messageId)).size;
      });
      expect(Math.max(...counts)).toBe(1);
      expect(Math.min(...counts) === 1 || inboxDied).toBe(true);
    },
    { timeoutMs: 90_000, everyMs: 250 },
  );
}

describe('killed under load,', () => {
  // The first replica of each stands for all: with several, the others serve on meanwhile.
  it.each(
    suiteProcesses()
      .filter(({ replica }) => (replica ?? 1) === 1)
      .map(({ label }) => label),
  )('%s is back by itself, and no accepted order is lost or doubled', async (label) => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 1_000 });
    const killing = eventually(async () => expect((await jo.get('/orders')).meta.total).toBeGreaterThan(ORDERS / 4), {
      timeoutMs: 30_000,
    }).then(() => killAndAwait(label));
    const placing = each(times(ORDERS), 8, () => placeStubbornly(jo, tea));
    const [orders] = await Promise.all([placing, killing]);

    const ids = new Set(orders.map(({ id }) => id));
    expect(ids.size).toBe(ORDERS);
    const ended = await each([...ids], 8, (id) => settled(jo, id, 30_000));
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 1_000 - ORDERS, reserved: 0 }));
    expect((await jo.get('/orders')).meta.total).toBe(ORDERS);
    await expectOneMailEach(jo, ended, label === 'sandbox');
    await expectAllBack(tea);
  });

  it.each(['mongodb', 'redis'])(
    '%s may fall silent: nobody hangs, and all goes on when it speaks again',
    async (name) => {
      const jo = await newCustomer();
      const tea = await newProduct({ stock: 1_000 });
      const replies = await frozen(name, () =>
        each(times(12), 4, () => jo.post('/orders', lineOf(tea), { idempotencyKey: unique(), timeout: 15_000 })),
      );
      expect(replies.filter(({ status }) => status !== 503 && status !== 504)).toEqual([]);
      expect(Math.max(...replies.map(({ ms }) => ms))).toBeLessThan(8_000);
      await expectAllBack(tea);
      const order = await placeStubbornly(jo, tea);
      expect((await settled(jo, order.id, 30_000)).status).toBe('CONFIRMED');
    },
  );

  it('everything is as it was', async () => {
    const { details } = (await (await theAdmin()).get('/health')).body as HealthView;
    expect(Object.values(details).map(({ status }) => status)).not.toContain('down');
    expect(new Set(suiteProcesses().map(({ status }) => status)).size).toBe(1);
  });
});
