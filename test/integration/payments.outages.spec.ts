import { Types } from 'mongoose';
import Stripe from 'stripe';
import { eventually } from '../support/eventually';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';

jest.setTimeout(120_000);

describe('a payment on a page of Stripe’s, while Stripe is not itself', () => {
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start({}, []);
  }, START_ALL_MS);
  afterAll(() => suite?.stop());
  afterEach(() => suite.till.turn({}));

  function stripe(): Stripe {
    const { hostname, port } = new URL(suite.sandbox.url);
    return new Stripe('sk_test_by_hand', { host: hostname, port, protocol: 'http' });
  }

  const sessionOf = (orderId: string) =>
    eventually(async () => {
      const { reference } = (await suite.records.findOne({ _id: new Types.ObjectId(orderId) })) ?? {};
      if (reference === undefined) throw new Error(`the payment of ${orderId} is not open`);
      return reference;
    });

  it('has ended when its session has, though a card was tried there, and neither an answer nor a webhook came', async () => {
    await suite.till.turn({ webhookHold: true });
    const orderId = await suite.open({ flow: 'CHECKOUT' });
    // From here on it has an intent, which is canceled with the session and has another name.
    await suite.till.serve(orderId, 'decline');
    // Once before, by a call whose answer was lost.
    await stripe().checkout.sessions.expire(await sessionOf(orderId));
    await suite.void(orderId);
    await suite.paymentBecomes(orderId, 'VOIDED');
    expect(await suite.till.balance(orderId)).toEqual({ captures: 0, kept: 0 });
  });

  it('is opened when Stripe is back after ten minutes, once', async () => {
    const orderId = await suite.till.underWeather({ payFail: 1 }, async () => {
      const id = await suite.open({ flow: 'CHECKOUT' });
      // As if it had waited since then: whoever was about to write it down reads it again.
      const createdAt = new Date(Date.now() - 600_000);
      await suite.records.updateOne({ _id: new Types.ObjectId(id) }, { $set: { createdAt }, $inc: { version: 1 } });
      return id;
    });
    await eventually(
      async () => {
        const { state } = await suite.payment(orderId);
        expect([state, await suite.till.bills(orderId)]).toEqual(['PENDING', 1]);
      },
      { timeoutMs: 30_000 },
    );
    await suite.till.serve(orderId);
    await suite.paymentBecomes(orderId, 'PAID');
  });
});
