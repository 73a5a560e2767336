import type Stripe from 'stripe';
import type { Sighting } from './sighting';

/**
 * What Stripe's objects say of a payment. A capture is known by the id of its intent, which captures once at most and is
 * named by the events of sessions, intents and charges alike.
 */
const idOf = (thing: string | { id: string } | null | undefined): string | undefined =>
  typeof thing === 'string' ? thing : thing?.id;

export const intentIdOf = ({ payment_intent: intent }: Stripe.Checkout.Session): string | undefined => idOf(intent);

export function sightIntent(intent: Stripe.PaymentIntent, refunds: Stripe.Refund[] = []): Sighting {
  const { id, metadata, status, amount_received: amount, currency } = intent;
  return {
    orderId: metadata.orderId,
    ...(amount > 0 && { captures: [{ id, amount, currency: currency.toUpperCase() }] }),
    ...(status === 'canceled' && { voided: true, reference: id }),
    ...(status === 'requires_payment_method' && declineOf(intent)),
    refunds: refunds.map((refund) => ({
      reference: refund.id,
      key: refund.metadata?.refundKey,
      amount: refund.amount,
      captureId: id,
    })),
  };
}

/** A try that the card's bank refused; the charge it made tells it from other tries. */
function declineOf({
  last_payment_error: error,
  latest_charge: charge,
}: Stripe.PaymentIntent): Pick<Sighting, 'declines'> {
  if (!error) return {};
  const id = error.charge ?? idOf(charge);
  return id === undefined ? {} : { declines: [{ id, reason: error.message ?? error.code ?? 'declined' }] };
}

export function sightSession(session: Stripe.Checkout.Session): Sighting {
  const { id, metadata, status, payment_status: paid, amount_total: amount, currency } = session;
  const intent = intentIdOf(session);
  return {
    orderId: metadata?.orderId,
    // Complete is not paid: some methods take days.
    ...(paid === 'paid' &&
      intent && { captures: [{ id: intent, amount: amount ?? 0, currency: (currency ?? '').toUpperCase() }] }),
    ...(status === 'expired' && { voided: true, reference: id }),
  };
}

/** A payment by a session ends with that, and has its name: its intent is canceled as well, and has another. */
export function endOf(session: Stripe.Checkout.Session): Pick<Sighting, 'voided' | 'reference'> {
  const { voided, reference } = sightSession(session);
  return { voided, reference };
}

type Reader<Type extends Stripe.Event['type']> = (
  object: Extract<Stripe.Event, { type: Type }>['data']['object'],
  eventId: string,
) => Sighting;

/** What the events say that say something to us. */
const readers: { [Type in Stripe.Event['type']]?: Reader<Type> } = {
  'payment_intent.succeeded': (intent) => sightIntent(intent),
  'payment_intent.payment_failed': (intent, eventId) => {
    const { declines = [{ id: eventId, reason: 'declined' }] } = declineOf(intent);
    return { orderId: intent.metadata.orderId, declines };
  },
  'checkout.session.completed': sightSession,
  'checkout.session.expired': sightSession,
  // It tells the sum of all refunds, not which they are.
  'charge.refunded': ({ metadata, payment_intent: intent }) => ({
    orderId: metadata.orderId,
    reference: idOf(intent),
    lookWanted: true,
  }),
  'charge.dispute.created': ({ id, amount, reason, payment_intent: intent }) => ({
    reference: idOf(intent),
    disputes: [{ id, amount, reason }],
  }),
};

/** Undefined for events that say nothing to us. */
export function readStripeEvent({ id, type, data }: Stripe.Event): Sighting | undefined {
  const reader = readers[type] as ((object: object, eventId: string) => Sighting) | undefined;
  return reader?.(data.object, id);
}
