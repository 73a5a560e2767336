import { Injectable } from '@nestjs/common';
import { textIn, textsIn, type Form } from './form';
import { LedgerService } from './ledger.service';
import { stripeId } from './sandbox-id';
import { invalid } from './stripe-errors';
import { StripeIntentsService } from './stripe-intents.service';
import { chargeObject, seconds, type Intent, type RefundObject } from './stripe-objects';
import { WebhooksService } from './webhooks.service';

/** How money goes back at Stripe: the shop refunds it (https://docs.stripe.com/refunds), or the customer disputes it. */
@Injectable()
export class StripeRefundsService {
  readonly all: RefundObject[] = [];

  constructor(
    private readonly intents: StripeIntentsService,
    private readonly ledger: LedgerService,
    private readonly webhooks: WebhooksService,
  ) {}

  create(form: Form): RefundObject {
    const intent = this.intents.get(textIn(form, 'payment_intent') ?? '');
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
    this.all.push(refund);
    const { id, currency } = refund;
    this.ledger.refund(intent.metadata.orderId ?? intent.id, 'stripe', { id, amount, currency });
    this.webhooks.tellStripe('charge.refunded', chargeObject(intent, this.refundedOf(intent)));
    return refund;
  }

  /** The customer asks their bank for the money back. */
  dispute(intent: Intent): void {
    const { amount_received: amount, currency, id, latest_charge: charge, metadata } = intent;
    const dispute = { id: stripeId('dp'), object: 'dispute', amount, charge, currency, metadata, payment_intent: id };
    this.webhooks.tellStripe('charge.dispute.created', {
      ...dispute,
      reason: 'fraudulent',
      status: 'needs_response',
    });
  }

  private refundedOf({ id }: Intent): number {
    return this.all.filter(({ payment_intent }) => payment_intent === id).reduce((sum, { amount }) => sum + amount, 0);
  }
}
