import { Types } from 'mongoose';
import { auth, payments } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { codeIn } from '../support/gateways';
import { PaymentSuite, START_ALL_MS, stripeEvent } from '../support/payment-suite';
import { waitingIn } from '../support/redis-contents';
import { newId, someAdmin } from '../support/stock';

describe('the webhook inbox', () => {
  let suite: PaymentSuite;

  beforeAll(async () => {
    suite = await PaymentSuite.start({}, []);
  }, START_ALL_MS);
  afterAll(() => suite?.stop());

  const ask = <C extends 'webhooks' | 'replayWebhook'>(name: C, body: object) =>
    suite.wires.ask(payments[name], body as never, { caller: someAdmin });
  const stateOf = (orderId: string, state: string) => suite.paymentBecomes(orderId, state, 20_000);

  it('takes what is signed, over the bytes as they came', async () => {
    const orderId = await suite.open();
    const answer = await suite.sendStripe(stripeEvent('payment_intent.succeeded', orderId));
    expect([answer.status, answer.json]).toEqual([200, { received: true }]);
    expect(await stateOf(orderId, 'PAID')).toMatchObject({ captured: 2_500, refunded: 0 });
  });

  it.each([
    ['of another secret', { secret: 'whsec_of_somebody_else' }],
    ['of other bytes', { tamper: true }],
    ['of more than five minutes ago', { ageS: 301 }],
  ])('refuses a signature %s, and nothing happens', async (_why, fault) => {
    const orderId = await suite.open();
    const event = stripeEvent('payment_intent.succeeded', orderId);
    expect(codeIn(await suite.sendStripe(event, fault))).toBe('400 INVALID_SIGNATURE');
    const { items } = await ask('webhooks', { limit: 100 });
    expect(items.map(({ eventId }) => eventId)).not.toContain(event.id);
    expect(await suite.payment(orderId)).toMatchObject({ state: 'PENDING', captured: 0 });
  });

  it('refuses what has no signature, no body or no sense', async () => {
    for (const provider of ['stripe', 'paypal']) {
      const path = `/payments/webhook/${provider}`;
      expect(codeIn(await suite.gateway.post(path))).toBe('400 INVALID_SIGNATURE');
      expect(codeIn(await suite.gateway.post(path, undefined, { raw: '{"id":' }))).toBe('400 INVALID_SIGNATURE');
      const forged = {
        'paypal-transmission-id': 'x',
        'paypal-transmission-sig': 'eA==',
        'stripe-signature': 't=1,v1=00',
      };
      const more = { 'paypal-cert-url': 'https://evil.example', 'paypal-auth-algo': 'SHA256withRSA' };
      const headers = { ...forged, ...more, 'paypal-transmission-time': new Date().toISOString() };
      const body = { id: 'WH-1', event_type: 'PAYMENT.CAPTURE.COMPLETED' };
      expect(codeIn(await suite.gateway.post(path, body, { headers }))).toBe('400 INVALID_SIGNATURE');
    }
  });

  const unverified = () => {
    const headers = {
      'paypal-transmission-id': 'x',
      'paypal-transmission-sig': 'eA==',
      'paypal-transmission-time': new Date().toISOString(),
      'paypal-cert-url': 'https://x.example',
      'paypal-auth-algo': 'SHA256withRSA',
    };
    return suite.gateway.post('/payments/webhook/paypal', { id: `WH-${newId()}`, event_type: 'X' }, { headers });
  };

  it('says that it cannot verify while PayPal cannot', async () => {
    const answer = await suite.till.underWeather({ payVerifyDown: true }, unverified);
    expect(codeIn(answer)).toBe('503 SERVICE_UNAVAILABLE');
    expect(answer.headers['retry-after']).toBeDefined();
  });

  it('does not keep payments from being made, however much of it cannot be verified', async () => {
    const tries = (times: number) => Promise.all(Array.from({ length: times }, unverified));
    await suite.till.underWeather({ payVerifyDown: true }, async () => {
      // More failures in a row than the circuit breaker bears: from here on nobody asks whether one is genuine.
      for (let round = 0; round < 15; round++) {
        expect([...new Set((await tries(6)).map(codeIn))]).toEqual(['503 SERVICE_UNAVAILABLE']);
      }
      const orderIds = await Promise.all(Array.from({ length: 6 }, () => suite.open({ method: 'PAYPAL' })));
      const isOpened = async (orderId: string) => expect((await suite.payment(orderId)).reference).toBeDefined();
      await eventually(() => Promise.all(orderIds.map(isOpened)), { timeoutMs: 3_000 });
    });
  });

  it('has every event five times and in any order, and it takes effect once', async () => {
    const orderIds = await Promise.all(Array.from({ length: 10 }, () => suite.open()));
    const events = orderIds.flatMap((orderId) => {
      const decline = { type: 'card_error', message: 'Declined', charge: `ch_declined_${orderId}` };
      return [
        stripeEvent('payment_intent.payment_failed', orderId, {
          status: 'requires_payment_method',
          amount_received: 0,
          last_payment_error: decline,
        }),
        stripeEvent('payment_intent.succeeded', orderId),
        stripeEvent('payment_intent.created', orderId, { amount_received: 0 }),
      ];
    });
    const deliveries = events.flatMap((event) => Array.from({ length: 5 }, () => event));
    // By a fixed rule, so that it can be done again: every 7th first, then the next 7th.
    const shuffled = deliveries
      .map((event, i) => ({ event, rank: (i * 7) % deliveries.length }))
      .sort((a, b) => a.rank - b.rank);
    // As Stripe does: what is not answered with 2xx comes again.
    const deliver = (event: object) =>
      eventually(async () => expect((await suite.sendStripe(event)).status).toBe(200), { timeoutMs: 30_000 });
    await Promise.all(shuffled.map(({ event }) => deliver(event)));
    // An event that says nothing new may still be waiting when the money is there.
    const ours = await eventually(async () => {
      const { items } = await ask('webhooks', { state: 'processed', limit: 100 });
      const found = items.filter(({ orderId }) => orderIds.includes(orderId!));
      expect(found).toHaveLength(20);
      return found;
    });
    for (const orderId of orderIds) {
      const paid = await stateOf(orderId, 'PAID');
      expect(paid).toMatchObject({ captured: 2_500, declines: 1 });
    }
    expect(ours.map(({ attempts }) => attempts)).toEqual(ours.map(() => 1));
    expect(Math.min(...ours.map(({ deliveries: count }) => count))).toBeGreaterThanOrEqual(5);
  });

  it('flags money that is not what was asked for, loudly, and does not call it paid', async () => {
    const [less, other] = [await suite.open(), await suite.open()];
    await suite.sendStripe(stripeEvent('payment_intent.succeeded', less, { amount_received: 2_499 }));
    await suite.sendStripe(stripeEvent('payment_intent.succeeded', other, { currency: 'eur' }));
    await stateOf(less, 'MISMATCHED');
    await stateOf(other, 'MISMATCHED');
    const said = suite.replicas.map(({ log }) => log).join('\n');
    expect(said).toMatch(/"level":"error".*2499 USD came in/);
    expect(said).toMatch(/2500 EUR came in/);
  });

  it('ignores what is none of its business, and keeps it', async () => {
    const event = stripeEvent('customer.created', newId());
    expect((await suite.sendStripe(event)).status).toBe(200);
    const stranger = stripeEvent('payment_intent.succeeded', newId());
    expect((await suite.sendStripe(stranger)).status).toBe(200);
    await eventually(async () => {
      const { items } = await ask('webhooks', { state: 'ignored' });
      expect(items.map(({ eventId }) => eventId)).toEqual(expect.arrayContaining([event.id, stranger.id]));
    });
  });

  it('keeps what it cannot process, shows it, and processes it when it is replayed', async () => {
    const orderId = await suite.open();
    const record = { _id: new Types.ObjectId(orderId) };
    // Once nobody works on it any more, its document is spoiled: a hand at the shell, a restore gone wrong.
    await eventually(async () => {
      const { modifiedCount } = await suite.records.updateOne(
        { ...record, reference: { $exists: true } },
        { $set: { captures: 'broken' }, $inc: { version: 1 } },
      );
      expect(modifiedCount).toBe(1);
    });
    const event = stripeEvent('payment_intent.succeeded', orderId);
    expect((await suite.sendStripe(event)).status).toBe(200);
    const failed = await eventually(
      async () => {
        const { items } = await ask('webhooks', { state: 'failed' });
        const found = items.find(({ eventId }) => eventId === event.id);
        if (!found) throw new Error('it has not failed yet');
        return found;
      },
      { timeoutMs: 30_000 },
    );
    expect(failed).toMatchObject({
      provider: 'STRIPE',
      type: 'payment_intent.succeeded',
      error: expect.any(String) as string,
    });
    expect(JSON.stringify(failed)).not.toContain('amount');

    await suite.records.updateOne(record, { $set: { captures: [] } });
    await ask('replayWebhook', { id: failed.id });
    await stateOf(orderId, 'PAID');
    await ask('replayWebhook', { id: failed.id });
    await eventually(async () => {
      const { items } = await ask('webhooks', { state: 'processed' });
      expect(items.some(({ id }) => id === failed.id)).toBe(true);
    });
    expect(await suite.payment(orderId)).toMatchObject({ captured: 2_500 });
    await expect(ask('replayWebhook', { id: newId() })).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  });

  it('survives an emptied Redis', async () => {
    const orderId = await suite.open();
    await suite.sendStripe(stripeEvent('payment_intent.succeeded', orderId));
    await suite.wires.redis.flushdb();
    expect(await stateOf(orderId, 'PAID')).toMatchObject({ captured: 2_500 });
  });

  it('forgets what providers write of a customer who was erased, and can still process it', async () => {
    const userId = newId();
    const orderId = await suite.open({ userId });
    const person = { receipt_email: 'jo@example.com', payment_method_details: { card: { last4: '4242' } } };
    const texts = () =>
      suite.wires
        .database('payments')
        .collection('webhooks')
        .find({ orderId: new Types.ObjectId(orderId) })
        .map(({ text }) => text as string)
        .toArray();
    await suite.sendStripe(stripeEvent('payment_intent.succeeded', orderId, person));
    await stateOf(orderId, 'PAID');
    expect(await texts()).toEqual([expect.stringContaining('jo@example.com')]);

    await suite.wires.tell(auth.userErased, { userId, at: new Date().toISOString() });
    await eventually(async () => expect(await texts()).toEqual(['erased']));
    const { items } = await ask('webhooks', { state: 'processed', limit: 100 });
    await ask('replayWebhook', { id: items.find((one) => one.orderId === orderId)!.id });
    const declined = { message: 'No', charge: `ch_declined_${orderId}` };
    const late = { status: 'requires_payment_method', amount_received: 0, last_payment_error: declined };
    await suite.sendStripe(stripeEvent('payment_intent.payment_failed', orderId, { ...person, ...late }));
    await eventually(async () => {
      expect(await suite.payment(orderId)).toMatchObject({ state: 'PAID', captured: 2_500, declines: 1 });
      expect(await texts()).toEqual(['erased', 'erased']);
      const { items: now } = await ask('webhooks', { state: 'processed', limit: 100 });
      expect(now.filter((one) => one.orderId === orderId).map(({ attempts }) => attempts)).toEqual([1, 2]);
    });
  });

  it('is measured, beside what is owed and how long providers take', async () => {
    const port = await freePort();
    await suite.addPayments({ INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' });
    const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    // Any replica may take in any of them: until this one has.
    await eventually(
      async () => {
        const orderId = await suite.open();
        await suite.sendStripe(stripeEvent('payment_intent.succeeded', orderId));
        await stateOf(orderId, 'PAID');
        const text = await metrics();
        expect(text).toMatch(/^payments_news_total\{method="STRIPE",news="capture"\} [1-9]/m);
        expect(text).toMatch(/^webhooks_ended_total\{provider="STRIPE",state="processed"\} [1-9]/m);
        expect(text).toMatch(/^payment_provider_seconds_count\{provider="Stripe",outcome="answered"\} [1-9]/m);
        expect(text).toMatch(/^payments_due \d+$/m);
        expect(text).toMatch(/^webhooks_failed \d+$/m);
      },
      { timeoutMs: 30_000 },
    );
  });

  it('has put nothing of keys, secrets or cards into a log, a queue or a fact', async () => {
    const said = [...suite.replicas, suite.gateway.service].map(({ log }) => log).join('\n');
    const waiting = await waitingIn(suite.wires.redis);
    expect(waiting).toMatch(/payment-[0-9a-f]{24}-\d+[^]*webhook-[0-9a-f]{24}-\d+/);
    expect([said, waiting].join('\n')).not.toMatch(/sk_test_|whsec_|_secret_|client_?secret|A21AA|last4|jo@example/i);
  });
});
