import type { Form } from './form';

/**
 * Stripe's objects, as far as clients of ours read them (https://docs.stripe.com/api/payment_intents/object and its
 * neighbours). Amounts are minor units, times are seconds since the epoch.
 */
export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  canceled_at: number | null;
  client_secret: string;
  created: number;
  currency: string;
  last_payment_error: CardError | null;
  latest_charge: string | null;
  livemode: false;
  metadata: Record<string, string>;
  status: 'requires_payment_method' | 'succeeded' | 'canceled';
}

export interface Session {
  id: string;
  object: 'checkout.session';
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string;
  expires_at: number;
  livemode: false;
  metadata: Record<string, string>;
  mode: 'payment';
  /** There once the customer has tried to pay. */
  payment_intent: string | null;
  payment_status: 'paid' | 'unpaid';
  status: 'open' | 'complete' | 'expired';
  success_url: string | null;
  /** There while it is open. */
  url: string | null;
}

export interface RefundObject {
  id: string;
  object: 'refund';
  amount: number;
  charge: string;
  created: number;
  currency: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  status: 'succeeded';
}

export interface CardError {
  charge?: string;
  code: 'card_declined';
  decline_code: string;
  message: string;
  type: 'card_error';
}

export const seconds = (): number => Math.floor(Date.now() / 1_000);

/** What a charge was captured and refunded for. */
export const chargeObject = (intent: Intent, amountRefunded: number) => ({
  id: intent.latest_charge,
  object: 'charge',
  amount: intent.amount,
  amount_captured: intent.amount_received,
  amount_refunded: amountRefunded,
  created: intent.created,
  currency: intent.currency,
  metadata: intent.metadata,
  paid: true,
  payment_intent: intent.id,
  payment_method_details: { card: { brand: 'visa', last4: '4242' }, type: 'card' },
  refunded: amountRefunded === intent.amount_received,
  status: 'succeeded',
});

/** The total of what a session sells. */
export function totalOf(lineItems: Form): { amount: number; currency: string } {
  let [amount, currency] = [0, 'usd'];
  for (const item of Object.values(lineItems)) {
    if (typeof item !== 'object' || typeof item.price_data !== 'object') continue;
    amount += Number(item.price_data.unit_amount) * Number(item.quantity ?? 1);
    if (typeof item.price_data.currency === 'string') currency = item.price_data.currency;
  }
  return { amount, currency };
}
