import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { faults } from '@suite/platform';
import Stripe from 'stripe';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import { PaymentsConfig } from './payments.config';
import {
  keyOf,
  ProviderRefusal,
  type BookedPayment,
  type Opened,
  type PaymentProvider,
  type ProviderEvent,
  type WebhookDelivery,
} from './provider';
import { ProviderGuard } from './provider-guard';
import type { Sighting } from './sighting';
import { endOf, intentIdOf, readStripeEvent, sightIntent, sightSession } from './stripe-sightings';

/** Seconds; https://docs.stripe.com/webhooks#verify-official-libraries */
const TOLERANCE_S = 300;
/**
 * A session cannot be made to end by itself sooner than 30 minutes after the call that makes it, so it is ended through the
 * API. Counted from the end of the payment, this holds for each call before that, and stays the same for the key's sake.
 */
const SESSION_OUTLIVES_MS = 31 * 60_000;
const PAGE = 100;

/** Stripe, through its own SDK: PaymentIntents for a page of the shop's, Checkout Sessions for one of Stripe's. */
@Injectable()
export class StripeProvider implements PaymentProvider {
  readonly method = 'STRIPE';
  private readonly stripe: Stripe;
  private readonly guard = new ProviderGuard('Stripe', isWeather);

  constructor(private readonly config: PaymentsConfig) {
    const { protocol, hostname, port } = new URL(config.stripeUrl);
    this.stripe = new Stripe(config.stripeKey, {
      host: hostname,
      port: Number(port) || (protocol === 'http:' ? 80 : 443),
      protocol: protocol === 'http:' ? 'http' : 'https',
      // Here, and nowhere else, is decided what is tried again.
      maxNetworkRetries: 0,
      timeout: 10_000,
      telemetry: false,
    });
  }

  open(payment: PaymentRecord): Promise<Opened> {
    return payment.flow === 'CHECKOUT' ? this.openSession(payment) : this.openIntent(payment);
  }

  private async openIntent(payment: PaymentRecord): Promise<Opened> {
    const { amount, currency } = payment;
    const { id, client_secret: clientSecret } = await this.call(() =>
      this.stripe.paymentIntents.create(
        {
          amount,
          currency: currency.toLowerCase(),
          automatic_payment_methods: { enabled: true },
          description: `Order ${payment.number}`,
          metadata: metadataOf(payment),
        },
        { idempotencyKey: faults?.has('double-capture') ? randomUUID() : keyOf(payment, 'open') },
      ),
    );
    return { reference: id, clientSecret: clientSecret ?? undefined };
  }

  private async openSession(payment: PaymentRecord): Promise<Opened> {
    const { expiresAt, lines, currency } = payment;
    const metadata = metadataOf(payment);
    const { id, url } = await this.call(() =>
      this.stripe.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: lines.map(({ name, quantity, price }) => ({
            quantity,
            price_data: { currency: currency.toLowerCase(), unit_amount: price, product_data: { name } },
          })),
          client_reference_id: metadata.orderId,
          metadata,
          payment_intent_data: { metadata, description: `Order ${payment.number}` },
          success_url: this.config.SUCCESS_URL,
          cancel_url: this.config.CANCEL_URL,
          expires_at: Math.ceil((expiresAt.getTime() + SESSION_OUTLIVES_MS) / 1_000),
        },
        { idempotencyKey: keyOf(payment, 'open') },
      ),
    );
    return { reference: id, paymentUrl: url ?? undefined };
  }

  async look(payment: PaymentRecord): Promise<Sighting> {
    const { reference = '', flow } = payment;
    const session =
      flow === 'CHECKOUT' ? await this.found(() => this.stripe.checkout.sessions.retrieve(reference)) : undefined;
    if (flow === 'CHECKOUT' && !session) return { voided: true };
    const intentId = session ? intentIdOf(session) : reference;
    if (!intentId) return sightSession(session!);
    const intent = await this.found(() => this.stripe.paymentIntents.retrieve(intentId));
    if (!intent) return { voided: true };
    const refunds = intent.amount_received > 0 ? await this.refundsOf(intentId) : [];
    return { ...sightIntent(intent, refunds), ...(session && endOf(session)) };
  }

  /** Stripe fetches the money by itself. */
  capture(payment: PaymentRecord): Promise<Sighting> {
    return this.look(payment);
  }

  async void(payment: PaymentRecord): Promise<Sighting> {
    const { reference = '', flow } = payment;
    try {
      if (flow === 'CHECKOUT') await this.call(() => this.stripe.checkout.sessions.expire(reference));
      else await this.call(() => this.stripe.paymentIntents.cancel(reference, { cancellation_reason: 'abandoned' }));
      return { voided: true };
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      // It has ended before, one way or the other.
      return this.look(payment);
    }
  }

  async refund(payment: PaymentRecord, { key, amount, captureId }: RefundRecord): Promise<Sighting> {
    const { id } = await this.call(() =>
      this.stripe.refunds.create(
        { payment_intent: captureId, amount, reason: 'requested_by_customer', metadata: { refundKey: key } },
        { idempotencyKey: `${keyOf(payment, 'refund')}-${key}` },
      ),
    );
    return { refunds: [{ reference: id, key, amount, captureId }] };
  }

  verify({ body, headers }: WebhookDelivery): Promise<ProviderEvent> {
    const { STRIPE_WEBHOOK_SECRET } = this.config;
    try {
      const signature = headers['stripe-signature'] ?? '';
      const { id, type } = this.stripe.webhooks.constructEvent(body, signature, STRIPE_WEBHOOK_SECRET, TOLERANCE_S);
      return Promise.resolve({ id, type });
    } catch {
      return Promise.reject(new Problem('INVALID_SIGNATURE'));
    }
  }

  read(text: string): Sighting | undefined {
    return readStripeEvent(JSON.parse(text) as Stripe.Event);
  }

  async *booked(since: Date): AsyncIterable<BookedPayment> {
    const created = { gte: Math.floor(since.getTime() / 1_000) };
    for await (const intent of this.stripe.paymentIntents.list({ created, limit: PAGE })) {
      if (intent.amount_received === 0) continue;
      const { id: captureId, amount_received: captured, currency, metadata } = intent;
      yield { orderId: metadata.orderId, captureId, captured, currency: currency.toUpperCase() };
    }
  }

  private async refundsOf(intentId: string): Promise<Stripe.Refund[]> {
    const { data } = await this.call(() => this.stripe.refunds.list({ payment_intent: intentId, limit: PAGE }));
    return data.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  }

  /** Undefined: Stripe knows no such thing, so that nothing can be paid there. */
  private async found<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.call(work);
    } catch (error) {
      if (error instanceof ProviderRefusal && error.code === 'resource_missing') return undefined;
      throw error;
    }
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.guard.call(work);
    } catch (error) {
      if (
        error instanceof Stripe.errors.StripeAuthenticationError ||
        error instanceof Stripe.errors.StripePermissionError
      ) {
        throw new Error('Stripe does not accept STRIPE_SECRET_KEY', { cause: error });
      }
      if (error instanceof Stripe.errors.StripeError)
        throw new ProviderRefusal(error.code ?? error.type, error.message);
      throw error;
    }
  }
}

const metadataOf = ({ _id, number, generation }: PaymentRecord): Record<string, string> => ({
  orderId: String(_id),
  number,
  generation: String(generation),
});

/** No answer, or one that says: later. A 409 is a key that is in use, by a call of ours that is still under way. */
const isWeather = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  (error instanceof Stripe.errors.StripeError && (error.statusCode === 409 || (error.statusCode ?? 0) >= 500));
