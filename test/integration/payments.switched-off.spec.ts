import { Types } from 'mongoose';
import { payments } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';
import { newId } from '../support/stock';

jest.setTimeout(120_000);

describe('a provider that is switched off', () => {
  let suite: PaymentSuite;
  let open: string;
  let paid: string;
  let agreed: string;

  beforeAll(async () => {
    suite = await PaymentSuite.start({}, []);
    [open, paid, agreed] = await Promise.all([1, 2, 3].map(() => suite.open({ method: 'PAYPAL' })));
    await suite.till.serve(paid);
    await suite.paymentBecomes(paid, 'PAID');
    await eventually(async () => {
      if ((await suite.till.bills(open)) === 0) throw new Error('it is not open');
    });
    await suite.till.turn({ webhookHold: true });
    await suite.till.serve(agreed);
    await Promise.all(suite.replicas.splice(0).map((replica) => replica.stop()));
    await suite.addPayments({ PAYPAL_ENABLED: 'false' });
  }, START_ALL_MS);
  afterAll(() => suite?.stop());

  it('takes nothing new', async () => {
    await expect(suite.open({ method: 'PAYPAL' })).rejects.toMatchObject({ code: 'PAYMENT_METHOD_UNAVAILABLE' });
    expect(await suite.wires.ask(payments.methods, {})).toMatchObject({ STRIPE: true, PAYPAL: false });
  });

  it('still ends what was opened with it', async () => {
    await suite.void(open);
    expect(await suite.paymentBecomes(open, 'VOIDED')).toMatchObject({ state: 'VOIDED' });
  });

  it('still fetches what its customers have agreed to, and hears of it', async () => {
    await suite.till.turn({});
    await suite.paymentBecomes(agreed, 'PAID');
    const webhooks = suite.wires.database('payments').collection('webhooks');
    await eventually(async () => {
      const heard = await webhooks.distinct('state', { orderId: new Types.ObjectId(agreed) });
      expect(heard).toEqual(['processed']);
    });
  });

  it('still gives back what was paid with it', async () => {
    await suite.wires.ask(payments.refund, { orderId: paid, key: newId(), amount: 500 });
    await eventually(async () => expect(await suite.payment(paid)).toMatchObject({ refunded: 500 }), {
      timeoutMs: 20_000,
    });
    expect(await suite.till.balance(paid)).toEqual({ captures: 1, kept: 2_000 });
  });
});
