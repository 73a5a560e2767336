import { Injectable } from '@nestjs/common';
import { textIn, textsIn, type Form } from './form';
import { LedgerService } from './ledger.service';
import { stripeId } from './sandbox-id';
import { assertLargeEnough, invalid, missing, StripeError } from './stripe-errors';
import { chargeObject, seconds, type Intent } from './stripe-objects';
import { WebhooksService } from './webhooks.service';

const CANCELLABLE = 'requires_payment_method, requires_capture, requires_confirmation, requires_action, processing';
const DECLINED = 'Your card was declined.';
const UNEXPECTED = 'payment_intent_unexpected_state';

/** Stripe's intents: https://docs.stripe.com/payments/paymentintents/lifecycle */
@Injectable()
export class StripeIntentsService {
  readonly all = new Map<string, Intent>();
  /** Those that a checkout session has made, and that end with it. */
  private readonly ofSessions = new Set<string>();

  constructor(
    private readonly ledger: LedgerService,
    private readonly webhooks: WebhooksService,
  ) {}

  create(form: Form): Intent {
    const [amount, currency] = [Number(textIn(form, 'amount')), textIn(form, 'currency') ?? 'usd'];
    const intent = this.add(amount, currency, textsIn(form, 'metadata'));
    this.webhooks.tellStripe('payment_intent.created', intent);
    return intent;
  }

  ofSession(amount: number, currency: string, metadata: Record<string, string>): Intent {
    const intent = this.add(amount, currency, metadata);
    this.ofSessions.add(intent.id);
    return intent;
  }

  get(id: string): Intent {
    const intent = this.all.get(id);
    if (!intent) throw missing('payment_intent', id);
    return intent;
  }

  isOfSession({ id }: Intent): boolean {
    return this.ofSessions.has(id);
  }

  /** Its customer pays, or tries to. @throws StripeError card_declined for `pm_card_chargeDeclined`. */
  confirm(id: string, form: Form): Intent {
    const intent = this.get(id);
    const secret = textIn(form, 'client_secret');
    if (secret !== undefined && secret !== intent.client_secret) throw missing('payment_intent', id);
    const method = textIn(form, 'payment_method');
    if (!method) throw invalid('You must provide a payment_method to confirm this PaymentIntent.', 'parameter_missing');
    return /declined/i.test(method) ? this.decline(intent) : this.pay(intent);
  }

  cancel(id: string): Intent {
    const intent = this.get(id);
    if (this.isOfSession(intent)) {
      throw invalid(
        'You cannot cancel a PaymentIntent created by a Checkout Session. Expire the session instead.',
        UNEXPECTED,
      );
    }
    if (intent.status !== 'requires_payment_method') {
      const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELLABLE}.`;
      throw invalid(message, UNEXPECTED, { payment_intent: intent });
    }
    return this.end(intent);
  }

  end(intent: Intent): Intent {
    Object.assign(intent, { status: 'canceled', canceled_at: seconds() });
    this.webhooks.tellStripe('payment_intent.canceled', intent);
    return intent;
  }

  /** @param late even though it was canceled: as money does that was on its way. */
  pay(intent: Intent, late = false): Intent {
    if (intent.status === 'succeeded') {
      throw invalid(
        'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
        UNEXPECTED,
        { payment_intent: intent },
      );
    }
    if (intent.status === 'canceled' && !late) {
      throw invalid('This PaymentIntent has been canceled.', UNEXPECTED, { payment_intent: intent });
    }
    const charge = stripeId('ch');
    const { amount, currency, metadata, id } = intent;
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: amount,
      last_payment_error: null,
      latest_charge: charge,
    });
    this.ledger.capture(metadata.orderId ?? id, 'stripe', { id: charge, amount, currency });
    this.webhooks.tellStripe('charge.succeeded', chargeObject(intent, 0));
    this.webhooks.tellStripe('payment_intent.succeeded', intent);
    return intent;
  }

  decline(intent: Intent): never {
    if (intent.status !== 'requires_payment_method') {
      throw invalid('This PaymentIntent cannot be confirmed.', UNEXPECTED);
    }
    const charge = stripeId('ch');
    const about = { charge, code: 'card_declined', decline_code: 'generic_decline', message: DECLINED } as const;
    Object.assign(intent, { last_payment_error: { ...about, type: 'card_error' }, latest_charge: charge });
    this.webhooks.tellStripe('payment_intent.payment_failed', intent);
    throw new StripeError(402, 'card_error', DECLINED, { ...about, payment_intent: intent });
  }

  private add(amount: number, currency: string, metadata: Record<string, string>): Intent {
    assertLargeEnough(amount);
    const id = stripeId('pi');
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount,
      amount_received: 0,
      canceled_at: null,
      client_secret: `${id}_${stripeId('secret')}`,
      created: seconds(),
      currency,
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata,
      status: 'requires_payment_method',
    };
    this.all.set(id, intent);
    return intent;
  }
}
