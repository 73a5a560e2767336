import { eventually } from '../support/eventually';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';
import { audit, newId } from '../support/stock';

jest.setTimeout(180_000);

const RACES = 30;

describe('an order that is not paid in time', () => {
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start({ PAYMENT_TTL: '5s', PAYPAL_ENABLED: 'false' });
  }, START_ALL_MS);
  afterAll(() => suite?.stop());

  const expectStock = (stockId: string, available: number, sold: number) =>
    eventually(async () => {
      const { counters, held, committed } = await audit(suite.wires.database('stock'), stockId);
      expect({ ...counters, held, committed }).toEqual({ available, reserved: 0, sold, held: 0, committed: sold });
    });

  it.each(['REGULAR', 'CHECKOUT'] as const)('is cancelled, and its stock is back (%s)', async (flow) => {
    const tea = await suite.product(10);
    const { order } = await suite.place(tea, 'STRIPE', flow);
    await suite.becomes(order.id, 'AWAITING_PAYMENT');
    const cancelled = await suite.becomes(order.id, 'CANCELLED', 60_000);
    expect(cancelled).toMatchObject({ failure: { code: 'PAYMENT_EXPIRED' }, payment: { status: 'EXPIRED' } });
    await expectStock(tea.stock.id, 10, 0);
    // It was ended at the provider before: nobody can pay it any more.
    expect(await suite.till.act(order.id, 'pay')).toBe(402);
    expect(await suite.till.balance(order.id)).toEqual({ captures: 0, kept: 0 });
  });

  it('gets its money back when that comes all the same, once, with its stock untouched', async () => {
    const tea = await suite.product(10);
    const { order } = await suite.place(tea);
    await suite.becomes(order.id, 'CANCELLED', 60_000);
    await suite.till.turn({ webhookCopies: 5, webhookShuffle: true });
    await suite.till.serve(order.id, 'late');
    await eventually(
      async () => {
        expect(await suite.till.balance(order.id)).toEqual({ captures: 1, kept: 0 });
        const { status, payment, history } = await suite.orders.order(order.id);
        expect([status, payment.status, payment.refunded]).toEqual(['CANCELLED', 'REFUNDED', 2_500]);
        expect(history.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
      },
      { timeoutMs: 30_000 },
    );
    await suite.till.turn({});
    expect((await suite.till.accounts(order.id))[0].refunds).toHaveLength(1);
    await expectStock(tea.stock.id, 10, 0);
  });

  it('is confirmed when it is paid in time, though no webhook ever comes', async () => {
    const tea = await suite.product(10);
    await suite.till.turn({ webhookHold: true });
    const { order } = await suite.place(tea);
    await suite.till.serve(order.id);
    await suite.becomes(order.id, 'CONFIRMED', 60_000);
    await suite.till.turn({});
    await expectStock(tea.stock.id, 8, 2);
    expect(await suite.till.balance(order.id)).toEqual({ captures: 1, kept: 2_500 });
  });

  it('paid at the last moment is either confirmed and paid, or cancelled and worth nothing', async () => {
    const tea = await suite.product(500);
    const placed = await Promise.all(
      Array.from({ length: RACES }, (_, i) => suite.place(tea, 'STRIPE', i % 2 ? 'CHECKOUT' : 'REGULAR')),
    );
    // Whoever looks at their order and finds it about to end pays quickly.
    await Promise.all(
      placed.map(({ order }) =>
        eventually(
          async () => {
            const { expiresAt } = await suite.payment(order.id);
            if (Date.parse(expiresAt) - Date.now() > 100) throw new Error('there is time');
            await suite.till.act(order.id, 'pay');
          },
          { timeoutMs: 60_000 },
        ),
      ),
    );
    let confirmed = 0;
    await eventually(
      async () => {
        const ends = await Promise.all(placed.map(({ order }) => suite.orders.order(order.id)));
        for (const { id, status } of ends) {
          const { captures, kept } = await suite.till.balance(id);
          expect(captures).toBeLessThanOrEqual(1);
          expect([status, kept]).toEqual(status === 'CONFIRMED' ? ['CONFIRMED', 2_500] : ['CANCELLED', 0]);
        }
        confirmed = ends.filter(({ status }) => status === 'CONFIRMED').length;
      },
      { timeoutMs: 60_000, everyMs: 300 },
    );
    await expectStock(tea.stock.id, 500 - 2 * confirmed, 2 * confirmed);
  });

  it('cannot be placed with a way to pay that is switched off', async () => {
    const tea = await suite.product(10);
    await expect(suite.place(tea, 'PAYPAL')).rejects.toMatchObject({ code: 'PAYMENT_METHOD_UNAVAILABLE' });
    // What was begun with it may still end: its webhooks are taken in, and who made this one up is told so.
    const answer = await suite.gateway.post('/payments/webhook/paypal', { id: newId() });
    expect(answer.status).toBe(400);
  });
});
