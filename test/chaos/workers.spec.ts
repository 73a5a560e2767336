import { newProduct, settled, succeeded, theAdmin } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { DeadLetterView, OrderView } from '../support/views';
import { Failpoint, type Rule } from './failpoint';
import { placeStubbornly, type Attempt } from './load';
import { form, Plan } from './plan';
import { ordersOf, expectRow } from './row';
import { closeShop, openShop, type Shop } from './shop';

jest.setTimeout(300_000);

/** A killed worker's orders move on within 15 s; twice as long is the deadline, for machines that have other things to do. */
const MOVES_ON_MS = 30_000;
/** Three deaths, and each time the lock of the dead one has to end. */
const GIVEN_UP_MS = 120_000;

/** The steps of an order at which a process can die, each with what may have been done and not been noted there. */
const STEPS = [
  ['order.enqueuing', 'order.reserved', 'stock.committed'],
  ['order.enqueued', 'order.claimed', 'stock.committing'],
  ['order.told'],
  ['order.moved'],
];

describe('a worker', () => {
  let shop: Shop;
  const plan = new Plan('workers');
  const someone = () => plan.pick(shop.customers);
  /** An order of a product of its own, at which such a thing happens. */
  const aimedAt = async (rule: Omit<Rule, 'about'>) => {
    const product = await newProduct();
    const failpoint = Failpoint.set({ ...rule, about: product.stock.id });
    return { product, failpoint };
  };
  const only = async (attempt: Attempt): Promise<OrderView> => (await ordersOf([attempt]))[0];

  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => closeShop(shop));

  // Those of one line die at the same time: they are different processes.
  it.each(
    form(
      STEPS.slice(0, 3),
      STEPS.flat().map((step) => [step]),
    ),
  )('P7: killed at %s %s %s, is followed by another', async (...steps) => {
    const attempts = await expectRow(
      `P7 ${steps.join(', ')}`,
      shop,
      () =>
        Promise.all(
          steps.map(async (at) => {
            const { product, failpoint } = await aimedAt({ at, action: 'kill' });
            const attempt = await placeStubbornly(someone(), product);
            await failpoint.struck();
            return attempt;
          }),
        ),
      { quietWithinMs: MOVES_ON_MS },
    );
    for (const { status } of await ordersOf(attempts)) expect(status).toBe('CONFIRMED');
  });

  it.each(form(['order.released'], ['order.released', 'order.buried']))(
    'P7: killed at %s, gives back what a cancelled order had, once',
    async (at) => {
      const attempts = await expectRow(
        `P7 cancelled, ${at}`,
        shop,
        async () => {
          const { product, failpoint } = await aimedAt({ at, action: 'kill' });
          const attempt = await placeStubbornly(someone(), product);
          await settled(attempt.customer, attempt.orderId!);
          await attempt.customer.post(`/orders/${attempt.orderId}/cancel`).catch(() => undefined);
          await failpoint.struck();
          return [attempt];
        },
        { quietWithinMs: MOVES_ON_MS },
      );
      expect((await only(attempts[0])).status).toBe('CANCELLED');
    },
  );

  it.each(form(['order.reserved'], ['order.claimed', 'order.reserved', 'order.moved']))(
    'P9: frozen at %s past its lock, changes nothing when it wakes',
    async (at) => {
      const attempts = await expectRow(`P9 frozen at ${at}`, shop, async () => {
        const { product, failpoint } = await aimedAt({ at, action: 'freeze' });
        const attempt = await placeStubbornly(someone(), product);
        const { pid } = await failpoint.struck();
        try {
          await settled(attempt.customer, attempt.orderId!, MOVES_ON_MS);
        } finally {
          process.kill(pid, 'SIGCONT');
        }
        return [attempt];
      });
      expect((await only(attempts[0])).history.map(({ status }) => status)).toEqual(['PENDING', 'CONFIRMED']);
    },
  );

  it('P8: killed by the same order every time, lets it go in the end, and those behind it are served', async () => {
    const { product, failpoint } = await aimedAt({ at: 'order.reserved', action: 'kill', times: 100 });
    const [poison, ...behind] = await expectRow(
      'P8 kills every time',
      shop,
      async () => {
        const deadly = await placeStubbornly(someone(), product);
        const others = await each(times(100), 16, () => placeStubbornly(someone(), plan.pick(shop.products)));
        await eventually(() => expect(failpoint.records.length).toBeGreaterThan(2), { timeoutMs: GIVEN_UP_MS });
        return [deadly, ...others];
      },
      { quietWithinMs: MOVES_ON_MS },
    );
    expect(await only(poison)).toMatchObject({ status: 'FAILED', failure: { code: 'PROCESSING_FAILED' } });
    expect(new Set((await ordersOf(behind)).map(({ status }) => status))).toEqual(new Set(['CONFIRMED']));
    const letter = await letterOf(poison);
    expect(letter).toMatchObject({ reason: 'CRASHED', crashes: 3, state: 'open' });
    failpoint.remove();
    await expectRow('P17 replayed by two', shop, () => replayedByTwo([letter]));
    expect((await only(poison)).status).toBe('CONFIRMED');
  });

  it('P17: every dead letter that is replayed twice has one effect, whoever dies meanwhile', async () => {
    const broken = await aimedAt({ at: 'order.claimed', action: 'break', times: 1_000 });
    const dying = Failpoint.set({ at: 'order.replayed', action: 'kill', about: broken.product.stock.id });
    const attempts = await expectRow(
      'P17 replayed twice',
      shop,
      async () => {
        const dead = await each(times(5), 5, () => placeStubbornly(someone(), broken.product));
        const letters = await each(dead, 5, letterOf);
        broken.failpoint.remove();
        await replayedByTwo(letters);
        await dying.struck();
        return dead;
      },
      { quietWithinMs: MOVES_ON_MS },
    );
    for (const { status, history } of await ordersOf(attempts)) {
      expect(status).toBe('CONFIRMED');
      expect(history.map((entry) => entry.status)).toEqual(['PENDING', 'FAILED', 'PENDING', 'CONFIRMED']);
    }
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
    { timeoutMs: MOVES_ON_MS, everyMs: 250 },
  );

/** Two people press at the same time, and one of them again; one of all these is heard. */
async function replayedByTwo(letters: DeadLetterView[]): Promise<Attempt[]> {
  const admin = await theAdmin();
  for (const { id } of letters) {
    const press = () => admin.post(`/admin/dlq/${id}/replay`);
    const replies = await Promise.all([press(), press()]);
    const last = await eventually(async () => {
      const reply = await press();
      // Whoever is told that the outcome is not known asks again.
      if (reply.status >= 500) throw new Error(`${reply.status}`);
      return reply;
    });
    for (const { status } of replies) expect([200, 409, 503]).toContain(status);
    expect(replies.filter(({ status }) => status === 200).length).toBeLessThan(2);
    expect([last.status, last.code]).toEqual([409, 'ALREADY_REPLAYED']);
  }
  return [];
}
