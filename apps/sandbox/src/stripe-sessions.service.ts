import { Injectable } from '@nestjs/common';
import { formIn, textIn, textsIn, type Form } from './form';
import { SandboxConfig } from './sandbox.config';
import { stripeId } from './sandbox-id';
import { assertLargeEnough, invalid, missing } from './stripe-errors';
import { StripeIntentsService } from './stripe-intents.service';
import { seconds, totalOf, type Intent, type Session } from './stripe-objects';
import { WebhooksService } from './webhooks.service';

const DAY_S = 86_400;
const HALF_AN_HOUR_S = 1_800;

/** Stripe's checkout sessions, each of which pays by an intent of its own: https://docs.stripe.com/payments/checkout */
@Injectable()
export class StripeSessionsService {
  readonly all = new Map<string, Session>();
  private readonly intentMetadata = new Map<string, Record<string, string>>();

  constructor(
    private readonly config: SandboxConfig,
    private readonly intents: StripeIntentsService,
    private readonly webhooks: WebhooksService,
  ) {}

  create(form: Form): Session {
    const { amount, currency } = totalOf(formIn(form, 'line_items'));
    const expires = Number(textIn(form, 'expires_at') ?? seconds() + DAY_S);
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
    this.all.set(id, session);
    this.intentMetadata.set(id, textsIn(formIn(form, 'payment_intent_data'), 'metadata'));
    return session;
  }

  get(id: string): Session {
    const session = this.all.get(id);
    if (!session) throw missing('checkout.session', id);
    return session;
  }

  expire(id: string): Session {
    const session = this.get(id);
    if (session.status !== 'open') {
      const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`;
      throw invalid(message);
    }
    Object.assign(session, { status: 'expired', url: null });
    if (session.payment_intent) this.intents.end(this.intents.get(session.payment_intent));
    this.webhooks.tellStripe('checkout.session.expired', session);
    return session;
  }

  /** @param late even though the session has ended: as money does that was on its way. */
  pay(id: string, late = false): Session {
    const session = this.get(id);
    if (session.status !== 'open' && !late) throw invalid('This Checkout Session has ended.');
    this.intents.pay(this.intentOf(session), late);
    Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
    this.webhooks.tellStripe('checkout.session.completed', session);
    return session;
  }

  decline(id: string): never {
    const session = this.get(id);
    if (session.status !== 'open') throw invalid('This Checkout Session has ended.');
    return this.intents.decline(this.intentOf(session));
  }

  private intentOf(session: Session): Intent {
    const { id, payment_intent: known, amount_total: amount, currency } = session;
    if (known) return this.intents.get(known);
    const intent = this.intents.ofSession(amount, currency, this.intentMetadata.get(id) ?? {});
    session.payment_intent = intent.id;
    return intent;
  }
}
