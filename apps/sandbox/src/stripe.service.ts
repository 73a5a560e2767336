import { Injectable } from '@nestjs/common';
import { formIn, textIn, textsIn, type Form } from './form';
import { LedgerService } from './ledger.service';
import { SandboxConfig } from './sandbox.config';
import { stripeId } from './sandbox-id';
import { invalid, missing, StripeError } from './stripe-errors';
import { chargeObject, seconds, totalOf, type Intent, type RefundObject, type Session } from './stripe-objects';
import { WebhooksService } from './webhooks.service';

const CANCELLABLE = 'requires_payment_method, requires_capture, requires_confirmation, requires_action, processing';
const DECLINED = 'Your card was declined.';
/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const SMALLEST = 50;
const HALF_AN_HOUR_S = 1_800;

/** Stripe from the inside: intents, sessions and refunds, what may be done to them, and the events that tell of it. */
@Injectable()
export class StripeService {
  readonly intents = new Map<string, Intent>();
  readonly sessions = new Map<string, Session>();
  readonly refunds: RefundObject[] = [];
  private readonly intentMetadata = new Map<string, Record<string, string>>();

  constructor(
    private readonly config: SandboxConfig,
    private readonly ledger: LedgerService,
    private readonly webhooks: WebhooksService,
  ) {}

  createIntent(form: Form): Intent {
    const [amount, currency] = [Number(textIn(form, 'amount')), textIn(form, 'currency') ?? 'usd'];
    const intent = this.newIntent(amount, currency, textsIn(form, 'metadata'));
    this.tell('payment_intent.created', intent);
    return intent;
  }

  intent(id: string): Intent {
    const intent = this.intents.get(id);
    if (!intent) throw missing('payment_intent', id);
    return intent;
  }

  /** Its customer pays, or tries to. @throws StripeError card_declined for `pm_card_chargeDeclined`. */
  confirmIntent(id: string, form: Form): Intent {
    const intent = this.intent(id);
    const secret = textIn(form, 'client_secret');
    if (secret !== undefined && secret !== intent.client_secret) throw missing('payment_intent', id);
    const method = textIn(form, 'payment_method');
    if (!method) throw invalid('You must provide a payment_method to confirm this PaymentIntent.', 'parameter_missing');
    return /declined/i.test(method) ? this.decline(intent) : this.pay(intent);
  }

  cancelIntent(id: string): Intent {
    const intent = this.intent(id);
    if ([...this.sessions.values()].some(({ payment_intent }) => payment_intent === id)) {
      throw invalid(
        'You cannot cancel a PaymentIntent created by a Checkout Session. Expire the session instead.',
        'payment_intent_unexpected_state',
      );
    }
    if (intent.status !== 'requires_payment_method') {
      const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELLABLE}.`;
      throw invalid(message, 'payment_intent_unexpected_state', { payment_intent: intent });
    }
    return this.cancelled(intent);
  }

  createSession(form: Form): Session {
    const { amount, currency } = totalOf(formIn(form, 'line_items'));
    const expires = Number(textIn(form, 'expires_at') ?? seconds() + 86_400);
    if (expires < seconds() + HALF_AN_HOUR_S - 60) {
      const message =
        'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation. To resolve this issue, please create a Checkout Session with an `expires_at` value at least 30 minutes from creation.';
      throw invalid(message, undefined, { param: 'expires_at' });
    }
    assertLargeEnough(amount);
    const id = stripeId('cs_test');
    const session: Session = {
      id,
      object: 'checkout.session',
      amount_total: amount,
      cancel_url: textIn(form, 'cancel_url') ?? null,
      client_reference_id: textIn(form, 'client_reference_id') ?? null,
      created: seconds(),
      currency,
      expires_at: expires,
      livemode: false,
      metadata: textsIn(form, 'metadata'),
      mode: 'payment',
      payment_intent: null,
      payment_status: 'unpaid',
      status: 'open',
      success_url: textIn(form, 'success_url') ?? null,
      url: `${this.config.ownUrl}/pay/stripe/${id}`,
    };
    this.sessions.set(id, session);
    this.intentMetadata.set(id, textsIn(formIn(form, 'payment_intent_data'), 'metadata'));
    return session;
  }

  session(id: string): Session {
    const session = this.sessions.get(id);
    if (!session) throw missing('checkout.session', id);
    return session;
  }

  expireSession(id: string): Session {
    const session = this.session(id);
    if (session.status !== 'open') {
      const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`;
      throw invalid(message);
    }
    Object.assign(session, { status: 'expired', url: null });
    if (session.payment_intent) this.cancelled(this.intent(session.payment_intent));
    this.tell('checkout.session.expired', session);
    return session;
  }

  /** @param late even though the session has ended: as money does that was on its way. */
  paySession(id: string, late = false): Session {
    const session = this.session(id);
    if (session.status !== 'open' && !late) throw invalid('This Checkout Session has ended.');
    const intent = this.intentOf(session);
    this.pay(intent, late);
    Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
    this.tell('checkout.session.completed', session);
    return session;
  }

  declineSession(id: string): never {
    const session = this.session(id);
    if (session.status !== 'open') throw invalid('This Checkout Session has ended.');
    return this.decline(this.intentOf(session));
  }

  pay(intent: Intent, late = false): Intent {
    if (intent.status === 'succeeded') {
      throw invalid(
        'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
        'payment_intent_unexpected_state',
        { payment_intent: intent },
      );
    }
    if (intent.status === 'canceled' && !late) {
      throw invalid('This PaymentIntent has been canceled.', 'payment_intent_unexpected_state', {
        payment_intent: intent,
      });
    }
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: intent.amount,
      last_payment_error: null,
      latest_charge: stripeId('ch'),
    });
    const { latest_charge: id, amount, currency } = intent;
    this.ledger.capture(intent.metadata.orderId ?? intent.id, 'stripe', { id: id!, amount, currency });
    this.tell('charge.succeeded', chargeObject(intent, 0));
    this.tell('payment_intent.succeeded', intent);
    return intent;
  }

  decline(intent: Intent): never {
    if (intent.status !== 'requires_payment_method') {
      throw invalid('This PaymentIntent cannot be confirmed.', 'payment_intent_unexpected_state');
    }
    const charge = stripeId('ch');
    const about = { charge, code: 'card_declined', decline_code: 'generic_decline', message: DECLINED } as const;
    Object.assign(intent, { last_payment_error: { ...about, type: 'card_error' }, latest_charge: charge });
    this.tell('payment_intent.payment_failed', intent);
    throw new StripeError(402, 'card_error', DECLINED, { ...about, payment_intent: intent });
  }

  createRefund(form: Form): RefundObject {
    const intent = this.intent(textIn(form, 'payment_intent') ?? '');
    const left = intent.amount_received - this.refundedOf(intent);
    const amount = Number(textIn(form, 'amount') ?? left);
    if (left === 0)
      throw invalid(`Charge ${intent.latest_charge} has already been refunded.`, 'charge_already_refunded');
    if (amount > left) {
      throw invalid(
        `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
        'amount_too_large',
      );
    }
    const refund: RefundObject = {
      id: stripeId('re'),
      object: 'refund',
      amount,
      charge: intent.latest_charge!,
      created: seconds(),
      currency: intent.currency,
      metadata: textsIn(form, 'metadata'),
      payment_intent: intent.id,
      reason: textIn(form, 'reason') ?? null,
      status: 'succeeded',
    };
    this.refunds.push(refund);
    const { id, currency } = refund;
    this.ledger.refund(intent.metadata.orderId ?? intent.id, 'stripe', { id, amount, currency });
    this.tell('charge.refunded', chargeObject(intent, this.refundedOf(intent)));
    return refund;
  }

  /** The customer asks their bank for the money back. */
  dispute(intent: Intent): void {
    const { amount_received: amount, currency, id, latest_charge: charge, metadata } = intent;
    const dispute = { id: stripeId('dp'), object: 'dispute', amount, charge, currency, metadata, payment_intent: id };
    this.tell('charge.dispute.created', { ...dispute, reason: 'fraudulent', status: 'needs_response' });
  }

  private intentOf(session: Session): Intent {
    if (session.payment_intent) return this.intent(session.payment_intent);
    const intent = this.newIntent(session.amount_total, session.currency, this.intentMetadata.get(session.id) ?? {});
    session.payment_intent = intent.id;
    return intent;
  }

  private newIntent(amount: number, currency: string, metadata: Record<string, string>): Intent {
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
    this.intents.set(id, intent);
    return intent;
  }

  private cancelled(intent: Intent): Intent {
    Object.assign(intent, { status: 'canceled', canceled_at: seconds() });
    this.tell('payment_intent.canceled', intent);
    return intent;
  }

  private refundedOf({ id }: Intent): number {
    return this.refunds
      .filter(({ payment_intent }) => payment_intent === id)
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  private tell(type: string, object: object): void {
    this.webhooks.tellStripe(type, object);
  }
}

function assertLargeEnough(amount: number): void {
  if (Number.isInteger(amount) && amount >= SMALLEST) return;
  const message = 'The Checkout Session’s total amount must convert to at least 50 cents.';
  throw invalid(message, 'amount_too_small', { param: 'amount' });
}
