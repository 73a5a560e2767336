import { newProduct, settled, succeeded, theAdmin } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { DeadLetterView } from '../support/views';
import type { Attempt } from './attempt';
import { Failpoint, type Rule } from './failpoint';
import { form, Plan } from './plan';
import { expectRow } from './row';
import { ordersOf, Shop } from './shop';

jest.setTimeout(300_000);

/** A killed worker's orders move on within 15 s; twice as long is the deadline, for machines that have other things to do. */
const quickly = { quietWithinMs: 30_000 };
/** Three deaths, and each time the lock of the dead one has to end. */
const GIVEN_UP_MS = 120_000;

/** The steps at which a process can die with something done that is not noted yet. Those of one line are different processes. */
const STEPS = [
  ['order.enqueuing', 'order.reserved', 'stock.committed'],
  ['order.enqueued', 'order.claimed', 'stock.committing'],
  ['order.told'],
  ['order.moved'],
];

describe('a worker', () => {
  const plan = new Plan('workers');
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop?.close());

  /** A product with whose orders such a thing happens. */
  const doomed = async (rule: Omit<Rule, 'about'>) => {
    const product = await newProduct();
    return { product, failpoint: Failpoint.set({ ...rule, about: product.stock.id }) };
  };
  const statusesOf = async (attempts: Attempt[]) => (await ordersOf(attempts)).map(({ status }) => status);

  it.each(
    form(
      STEPS.slice(0, 1),
      STEPS.flat().map((step) => [step]),
    ).map((steps) => ({ steps })),
  )('P7: killed at $steps, is followed by another', async ({ steps }) => {
    const attempts = await expectRow(
      `P7 killed at ${steps.join(', ')}`,
      shop,
      () =>
        each(steps, steps.length, async (at) => {
          const { product, failpoint } = await doomed({ at, action: 'kill' });
          await shop.place(shop.someone(plan), product);
          await failpoint.struck();
        }),
      quickly,
    );
    expect(new Set(await statusesOf(attempts))).toEqual(new Set(['CONFIRMED']));
  });

  it.each(form(['order.released'], ['order.released', 'order.buried']))(
    'P7: killed at %s, gives back what a cancelled order had, once',
    async (at) => {
      const attempts = await expectRow(
        `P7 cancelled, killed at ${at}`,
        shop,
        async () => {
          const { product, failpoint } = await doomed({ at, action: 'kill' });
          const { customer, orderId } = await shop.place(shop.someone(plan), product);
          await settled(customer, orderId!);
          await customer.post(`/orders/${orderId}/cancel`).catch(() => undefined);
          await failpoint.struck();
        },
        quickly,
      );
      expect(await statusesOf(attempts)).toEqual(['CANCELLED']);
    },
  );

  it.each(form(['order.reserved'], ['order.claimed', 'order.reserved', 'order.moved']))(
    'P9: frozen at %s past its lock, changes nothing when it wakes',
    async (at) => {
      const [frozen] = await expectRow(`P9 frozen at ${at}`, shop, async () => {
        const { product, failpoint } = await doomed({ at, action: 'freeze' });
        const { customer, orderId } = await shop.place(shop.someone(plan), product);
        const { pid } = await failpoint.struck();
        await settled(customer, orderId!, quickly.quietWithinMs).finally(() => process.kill(pid, 'SIGCONT'));
      });
      const [{ history }] = await ordersOf([frozen]);
      expect(history.map(({ status }) => status)).toEqual(['PENDING', 'CONFIRMED']);
    },
  );

  it('P8: killed by the same order every time, lets it go in the end, and those behind it are served', async () => {
    const { product, failpoint } = await doomed({ at: 'order.reserved', action: 'kill', times: 100 });
    const [poison, ...behind] = await expectRow('P8 kills every time', shop, async () => {
      await shop.place(shop.someone(plan), product);
      await each(times(100), 16, () => shop.place(shop.someone(plan), plan.pick(shop.products)));
      await eventually(() => expect(failpoint.records.length).toBeGreaterThan(2), { timeoutMs: GIVEN_UP_MS });
    });
    expect(await ordersOf([poison])).toMatchObject([{ status: 'FAILED', failure: { code: 'PROCESSING_FAILED' } }]);
    expect(new Set(await statusesOf(behind))).toEqual(new Set(['CONFIRMED']));
    const letter = await letterOf(poison);
    expect(letter).toMatchObject({ reason: 'CRASHED', crashes: 3, state: 'open' });

    failpoint.remove();
    await expectRow('P17 replayed by two at once', shop, () => replayByTwo(letter));
    expect(await statusesOf([poison])).toEqual(['CONFIRMED']);
  });

  it('P17: every dead letter that is replayed twice has one effect, also when a process dies of it', async () => {
    const { product, failpoint } = await doomed({ at: 'order.claimed', action: 'break', times: 1_000 });
    const dying = Failpoint.set({ at: 'order.replayed', action: 'kill', about: product.stock.id });
    const attempts = await expectRow(
      'P17 replayed twice, killed',
      shop,
      async () => {
        const dead = await each(times(5), 5, () => shop.place(shop.someone(plan), product));
        const letters = await each(dead, 5, letterOf);
        failpoint.remove();
        for (const letter of letters) await replayByTwo(letter);
        await dying.struck();
      },
      quickly,
    );
    for (const { history } of await ordersOf(attempts))
      expect(history.map(({ status }) => status)).toEqual(['PENDING', 'FAILED', 'PENDING', 'CONFIRMED']);
  });
});

const letterOf = ({ orderId }: Attempt): Promise<DeadLetterView> =>
  eventually(
    async () => {
      const { data } = succeeded(await (await theAdmin()).get<DeadLetterView[]>('/admin/dlq?limit=100'), 200);
      const letter = data.find((one) => one.orderId === orderId);
      if (!letter) throw new Error(`order ${orderId} has no open dead letter`);
      return letter;
    },
    { timeoutMs: 30_000, everyMs: 250 },
  );

/** Two press at the same time, and once more when it is known how that went; one of all these is heard. */
async function replayByTwo({ id }: DeadLetterView): Promise<void> {
  const admin = await theAdmin();
  const press = () => admin.post(`/admin/dlq/${id}/replay`);
  const both = await Promise.all([press(), press()]);
  expect(both.filter(({ status }) => status === 200).length).toBeLessThan(2);
  await eventually(async () => {
    const { status, code } = await press();
    expect([status, code]).toEqual([409, 'ALREADY_REPLAYED']);
  });
}
