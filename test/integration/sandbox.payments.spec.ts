import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import Stripe from 'stripe';
import { SandboxConfig } from '../../apps/sandbox/src/sandbox.config';
import { SandboxModule } from '../../apps/sandbox/src/sandbox.module';
import { WebhooksService } from '../../apps/sandbox/src/webhooks.service';
import { freePort } from '../support/free-port';
import { Till } from '../support/till';

/** What Stripe's own client makes of it: names of errors, ids, keys and signatures are its to recognise. */
describe('the sandbox as Stripe', () => {
  let app: NestFastifyApplication;
  let stripe: Stripe;
  let till: Till;
  let url: string;

  beforeAll(async () => {
    const settings = Object.assign(new SandboxConfig(), { SANDBOX_SMTP_PORT: await freePort(), SANDBOX_SHOP_URL: '' });
    const testing = await Test.createTestingModule({ imports: [SandboxModule] })
      .overrideProvider(SandboxConfig)
      .useValue(settings)
      .compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    till = new Till(url);
    stripe = clientOf('sk_test_of_these_tests');
  });
  afterAll(() => app.close());
  beforeEach(() => till.turn({}));

  const clientOf = (key: string) =>
    new Stripe(key, { host: '127.0.0.1', port: new URL(url).port, protocol: 'http', maxNetworkRetries: 0 });
  const intentOf = (orderId = 'order-1') =>
    stripe.paymentIntents.create({ amount: 1_250, currency: 'usd', metadata: { orderId } });
  const sessionOf = (more: object = {}) =>
    stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ quantity: 2, price_data: { currency: 'usd', unit_amount: 1_250, product_data: { name: 'Tea' } } }],
      metadata: { orderId: 'order-2' },
      payment_intent_data: { metadata: { orderId: 'order-2' } },
      success_url: 'https://shop.example/paid',
      ...more,
    });

  it('makes intents that a customer can confirm, once', async () => {
    const intent = await intentOf();
    expect(intent).toMatchObject({ status: 'requires_payment_method', amount_received: 0 });
    expect(intent.id).toMatch(/^pi_\w{24}$/);
    expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_\\w{24}$`));
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1_250 });
    await expect(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'payment_intent_unexpected_state',
    });
    await expect(stripe.paymentIntents.cancel(intent.id)).rejects.toThrow('because it has a status of succeeded');
  });

  it('declines cards, and lets them try again', async () => {
    const { id } = await intentOf();
    await expect(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' })).rejects.toMatchObject(
      {
        type: 'StripeCardError',
        code: 'card_declined',
        decline_code: 'generic_decline',
        statusCode: 402,
      },
    );
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined' },
    });
    await expect(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })).resolves.toBeDefined();
  });

  it('does what carries the same key once, and tells when the key comes with something else', async () => {
    const make = (amount: number) =>
      stripe.paymentIntents.create({ amount, currency: 'usd' }, { idempotencyKey: 'key-1' });
    const [first, again] = [await make(1_000), await make(1_000)];
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await expect(make(2_000)).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
  });

  it('says that a key is in use while its call is still under way', async () => {
    await till.turn({ payDelayMs: 500 });
    const make = () => stripe.paymentIntents.create({ amount: 900, currency: 'usd' }, { idempotencyKey: 'key-2' });
    const [one, other] = await Promise.allSettled([make(), make()]);
    const refused = [one, other].find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  });

  it('carries out what it does not answer, and answers it to whoever asks with the same key', async () => {
    await till.turn({ payDropAnswers: 1 });
    const make = () => stripe.paymentIntents.create({ amount: 800, currency: 'usd' }, { idempotencyKey: 'key-3' });
    await expect(make()).rejects.toMatchObject({ type: 'StripeConnectionError' });
    await till.turn({});
    expect((await make()).lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  it('keeps strangers out, and knows what there is not', async () => {
    await expect(clientOf('nonsense').paymentIntents.retrieve('pi_1')).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
    });
    await expect(stripe.paymentIntents.retrieve('pi_1')).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
    await expect(stripe.paymentIntents.create({ amount: 49, currency: 'usd' })).rejects.toMatchObject({
      code: 'amount_too_small',
    });
  });

  it('makes sessions that end once, and not before half an hour by themselves', async () => {
    const session = await sessionOf();
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 2_500,
      payment_intent: null,
    });
    expect(session.url).toContain(`/pay/stripe/${session.id}`);
    expect((await stripe.checkout.sessions.expire(session.id)).status).toBe('expired');
    await expect(stripe.checkout.sessions.expire(session.id)).rejects.toThrow(
      'Only Checkout Sessions with a status in',
    );
    const soon = { expires_at: Math.floor(Date.now() / 1_000) + 60 };
    await expect(sessionOf(soon)).rejects.toMatchObject({ param: 'expires_at' });
  });

  it('refunds what was captured and not more, and keeps books on both', async () => {
    const { id } = await intentOf('order-3');
    await till.serve('order-3');
    await stripe.refunds.create({ payment_intent: id, amount: 250 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 1_001 })).rejects.toThrow(
      'greater than unrefunded',
    );
    await stripe.refunds.create({ payment_intent: id });
    await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
    expect(await till.accounts('order-3')).toMatchObject([{ provider: 'stripe', captured: 1_250, refunded: 1_250 }]);
    expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(2);
  });

  it('signs webhooks as Stripe’s own client checks them', () => {
    const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded' });
    const { 'stripe-signature': signature } = app.get(WebhooksService).signStripe(body);
    const secret = new SandboxConfig().STRIPE_WEBHOOK_SECRET;
    expect(stripe.webhooks.constructEvent(body, signature, secret, 300)).toMatchObject({ id: 'evt_1' });
    expect(() => stripe.webhooks.constructEvent(`${body} `, signature, secret, 300)).toThrow('signature');
  });

  it('books a capture twice when it is told to, so that an oracle can show that it sees it', async () => {
    await till.turn({ payDoubleCapture: true });
    await intentOf('order-4');
    await till.serve('order-4');
    expect(await till.balance('order-4')).toEqual({ captures: 2, kept: 2_500 });
  });
});
