import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';

jest.setTimeout(300_000);

const ORDERS = Number(process.env.ORDERS ?? 60);
const CANCELLED = 20;
/** Chance can be repeated by its seed. */
const SEED = Number(process.env.SEED ?? 20_261_126);
const WEATHER = { payDropAnswers: 0.2, webhookCopies: 2, webhookShuffle: true, seed: SEED };

describe(`payments, while every fifth answer of a provider is lost and payments is killed (SEED=${SEED})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'payments-'));
  const failpoints = join(folder, 'failpoints');
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start({ FAILPOINTS: failpoints });
  }, START_ALL_MS);
  afterAll(async () => {
    await suite?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Between the provider's deed and our writing it down: each process when it comes there again, so often in all. */
  /** @param nth which time that a process comes there is its last */
  const kill = (at: string, often: number, nth = 2) => ({
    name: at.replace('.', '-'),
    at,
    action: 'kill',
    nth,
    times: often,
  });
  const killsAt = (at: string) =>
    readdirSync(folder).filter((name) => name.startsWith(`failpoints.${at.replace('.', '-')}.`)).length;
  const expectSound = () =>
    eventually(async () => expect(await suite.wrongs()).toEqual([]), { timeoutMs: 60_000, everyMs: 1_000 });

  it(`are taken once, for orders that exist: ${ORDERS} times`, async () => {
    const tea = await suite.product();
    writeFileSync(failpoints, JSON.stringify([kill('payment.opened', 3), kill('payment.captured', 3)]));
    await suite.till.turn(WEATHER);
    const placed = await each(times(ORDERS), 16, (nth) =>
      suite.place(tea, nth % 2 ? 'PAYPAL' : 'STRIPE', nth % 4 === 0 ? 'CHECKOUT' : 'REGULAR'),
    );
    // The customer pays as soon as there is something to pay, and presses again when nothing seems to happen.
    await suite.whileKilled(async () => {
      await each(placed, 32, ({ order }) =>
        eventually(
          async () => {
            await suite.till.act(order.id, 'pay');
            expect((await suite.orders.order(order.id)).status).toBe('CONFIRMED');
          },
          { timeoutMs: 200_000, everyMs: 1_000 },
        ),
      );
    });
    await suite.till.turn({});
    expect([killsAt('payment.opened'), killsAt('payment.captured')]).toEqual([3, 3]);
    const bills = await each(placed, 16, ({ order }) => suite.till.bills(order.id));
    expect(bills).toEqual(placed.map(() => 1));
    await expectSound();
    const accounts = await suite.till.accounts();
    expect(accounts.map(({ captured, refunded }) => captured - refunded)).toEqual(placed.map(() => 2_500));
    await eventually(async () => {
      const stock = await suite.wires.database('stock').collection('stock').findOne({});
      expect(stock).toMatchObject({ available: 1_000 - 2 * ORDERS, reserved: 0, sold: 2 * ORDERS });
    });
  });

  it('go back once, when the orders are cancelled in the same weather', async () => {
    const tea = await suite.product();
    // The first time: few come there, and whoever dies at one of the two has not come to the other twice.
    writeFileSync(failpoints, JSON.stringify([kill('payment.refunded', 2, 1), kill('payment.voided', 2, 1)]));
    // Every second one has been paid.
    const placed = await each(times(CANCELLED), 16, (nth) => suite.place(tea, nth % 4 < 2 ? 'PAYPAL' : 'STRIPE'));
    const paid = placed.filter((_order, nth) => nth % 2 === 0);
    await each(paid, 8, ({ order }) => suite.till.serve(order.id));
    await each(paid, 8, ({ order }) => suite.becomes(order.id, 'CONFIRMED', 60_000));
    await suite.till.turn(WEATHER);
    await suite.whileKilled(async () => {
      await each(placed, 16, ({ order, caller }) => suite.cancel(order.id, caller));
      await each(paid, 8, ({ order }) =>
        eventually(
          async () => {
            const { status, payment } = await suite.orders.order(order.id);
            expect([status, payment.status, payment.refunded]).toEqual(['CANCELLED', 'REFUNDED', 2_500]);
          },
          { timeoutMs: 120_000, everyMs: 500 },
        ),
      );
    });
    await suite.till.turn({});
    expect([killsAt('payment.refunded'), killsAt('payment.voided')]).toEqual([2, 2]);
    await expectSound();
    const accounts = await each(paid, 8, async ({ order }) => (await suite.till.accounts(order.id))[0]);
    expect(accounts.map(({ captures, refunds }) => [captures.length, refunds.length])).toEqual(paid.map(() => [1, 1]));
  });
});
