import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Types } from 'mongoose';
import Stripe from 'stripe';
import { eventually } from '../support/eventually';
import { Script } from '../support/launcher';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';
import { newId } from '../support/stock';

/** A day at the desk of whoever keeps the books, told in order. */
describe('npm run payments:reconcile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'));
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start({}, []);
  }, START_ALL_MS);
  afterAll(async () => {
    await suite?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function reconcile(...args: string[]) {
    const { PATH, HOME, REDIS_HOST, REDIS_PORT } = process.env;
    const { environment } = suite.wires;
    const own = { PATH, HOME, REDIS_HOST, REDIS_PORT, NODE_ENV: 'test', SUITE_DATA_DIR: folder, LOG_DIR: 'none' };
    const script = new Script('scripts/reconcile-payments.mjs', { ...own, ...environment, ...suite.settings }, args);
    return { code: await script.ended, output: script.output };
  }
  async function paid(changes: Parameters<PaymentSuite['open']>[0] = {}): Promise<string> {
    const orderId = await suite.open(changes);
    await suite.till.serve(orderId);
    await eventually(async () => expect(await suite.payment(orderId)).toMatchObject({ state: 'PAID' }), {
      timeoutMs: 20_000,
    });
    return orderId;
  }

  it('says that both ledgers agree', async () => {
    await paid();
    await paid({ method: 'PAYPAL' });
    await suite.open();
    await eventually(async () => {
      const { code, output } = await reconcile('--since', '24h');
      expect([code, output]).toEqual([0, expect.stringMatching(/^3 payments since .*Z, 0 differences$/m)]);
    });
  });

  it('compares as well what was paid with a provider that is switched off meanwhile', async () => {
    suite.settings.PAYPAL_ENABLED = 'false';
    const { code, output } = await reconcile().finally(() => delete suite.settings.PAYPAL_ENABLED);
    expect([code, output]).toEqual([0, expect.stringMatching(/^3 payments since .*Z, 0 differences$/m)]);
  });

  it('names what one has and the other has not, and ends with 1', async () => {
    const [lost, doubled] = [await paid(), await paid({ method: 'PAYPAL' })];
    const nobody = newId();
    await suite.records.updateOne({ _id: new Types.ObjectId(lost) }, { $set: { captures: [] } });
    await suite.records.updateOne({ _id: new Types.ObjectId(doubled) }, [
      { $set: { captures: { $concatArrays: ['$captures', [{ id: 'again', amount: 2_500, currency: 'USD' }]] } } },
    ]);
    const { hostname, port } = new URL(suite.sandbox.url);
    const stripe = new Stripe('sk_test_by_hand', { host: hostname, port, protocol: 'http' });
    await stripe.paymentIntents.create({ amount: 1_000, currency: 'usd', metadata: { orderId: nobody } });
    await suite.till.serve(nobody);

    const { code, output } = await reconcile();
    expect(output).toMatch(new RegExp(`^✖ order \\S+ \\(${lost}, .*\\): captured 0 here, 2500 there$`, 'm'));
    expect(output).toMatch(new RegExp(`^✖ order \\S+ \\(${doubled}, .*\\): captured 5000 here, 2500 there$`, 'm'));
    expect(output).toMatch(new RegExp(`^✖ order \\S+ \\(${doubled}, .*\\): captured 2 times$`, 'm'));
    expect(output).toMatch(new RegExp(`^✖ STRIPE \\S+ \\(${nobody}\\): 1000 USD came in there`, 'm'));
    expect(code).toBe(1);
  });

  it('ends with 2 where it could not find out', async () => {
    expect(await reconcile('--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await reconcile('--nonsense')).toMatchObject({ code: 2 });
    await suite.till.underWeather({ payFail: 1 }, async () => expect(await reconcile()).toMatchObject({ code: 2 }));
  });
});
