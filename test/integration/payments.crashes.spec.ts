import { eventually } from '../support/eventually';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';

jest.setTimeout(240_000);

const ORDERS = 24;
/** Chance can be repeated by its seed. */
const SEED = Number(process.env.SEED ?? 20_261_126);

describe(`payments, while every fifth answer of a provider is lost and payments is killed (SEED=${SEED})`, () => {
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start();
  }, START_ALL_MS);
  afterAll(() => suite?.stop());

  it('are taken once, for orders that exist', async () => {
    const tea = await suite.product();
    await suite.till.turn({ payDropAnswers: 0.2, webhookCopies: 2, webhookShuffle: true, seed: SEED });
    const methods = ['STRIPE', 'PAYPAL'] as const;
    const placed = await Promise.all(
      Array.from({ length: ORDERS }, (_, i) => suite.place(tea, methods[i % 2], i % 4 === 0 ? 'CHECKOUT' : 'REGULAR')),
    );
    const crashing = (async () => {
      for (let i = 0; i < 3; i++) await suite.crash();
    })();
    // The customer pays as soon as there is something to pay, and presses again when nothing seems to happen.
    await Promise.all(
      placed.map(({ order }) =>
        eventually(
          async () => {
            await suite.till.act(order.id, 'pay');
            expect((await suite.orders.order(order.id)).status).toBe('CONFIRMED');
          },
          { timeoutMs: 150_000, everyMs: 1_000 },
        ),
      ),
    );
    await crashing;
    await suite.till.turn({});

    const accounts = await suite.till.accounts();
    const ids = placed.map(({ order }) => order.id);
    expect(accounts.map(({ orderId }) => orderId).filter((id) => !ids.includes(id))).toEqual([]);
    const wrong = accounts.filter(
      ({ captures, captured, refunded }) => captures.length !== 1 || captured - refunded !== 2_500,
    );
    expect(wrong).toEqual([]);
    expect(accounts).toHaveLength(ORDERS);
    await eventually(async () => {
      const stock = await suite.wires.database('stock').collection('stock').findOne({});
      expect(stock).toMatchObject({ available: 1_000 - 2 * ORDERS, reserved: 0, sold: 2 * ORDERS });
    });
  });

  it('go back once, when the orders are cancelled in the same weather', async () => {
    const tea = await suite.product();
    const placed = await Promise.all(
      Array.from({ length: 10 }, (_, i) => suite.place(tea, i % 2 ? 'PAYPAL' : 'STRIPE')),
    );
    await Promise.all(placed.map(({ order }) => suite.till.serve(order.id)));
    await Promise.all(placed.map(({ order }) => suite.becomes(order.id, 'CONFIRMED', 60_000)));
    await suite.till.turn({ payDropAnswers: 0.3, seed: SEED });
    await Promise.all([suite.crash(), ...placed.map(({ order, caller }) => suite.cancel(order.id, caller))]);
    await eventually(
      async () => {
        for (const { order } of placed) expect(await suite.till.balance(order.id)).toEqual({ captures: 1, kept: 0 });
        const refunds = (await suite.till.accounts()).filter(({ orderId }) =>
          placed.some(({ order }) => order.id === orderId),
        );
        expect(refunds.map((account) => account.refunds.length)).toEqual(placed.map(() => 1));
      },
      { timeoutMs: 120_000, everyMs: 500 },
    );
    await suite.till.turn({});
    for (const { order } of placed) {
      await eventually(
        async () => {
          const { status, payment } = await suite.orders.order(order.id);
          expect([status, payment.status, payment.refunded]).toEqual(['CANCELLED', 'REFUNDED', 2_500]);
        },
        { timeoutMs: 30_000 },
      );
    }
  });
});
