import { Injectable } from '@nestjs/common';
import { minorUnitsOf } from './paypal-objects';
import { PaypalService } from './paypal.service';
import { StripeService } from './stripe.service';

/** What a customer can do at a provider's page. */
export const deeds = ['pay', 'decline', 'refuse', 'late', 'dispute'] as const;
export type Deed = (typeof deeds)[number];

/** `stripe`: a checkout session; `intent`: a payment intent, for which a shop has a page of its own; `paypal`: an order. */
export const desks = ['stripe', 'intent', 'paypal'] as const;
export type Desk = (typeof desks)[number];

/** What lies before the customer: what it costs, whether it can be paid, and where they go from here. */
export interface Bill {
  desk: Desk;
  id: string;
  orderId: string;
  amount: number;
  currency: string;
  status: string;
  open: boolean;
  paidUrl: string;
  leftUrl: string;
}

/** Customers in front of the providers' pages. */
@Injectable()
export class TillService {
  constructor(
    private readonly stripe: StripeService,
    private readonly paypal: PaypalService,
  ) {}

  /** @throws StripeError, PaypalError when there is no such thing */
  bill(desk: Desk, id: string): Bill {
    switch (desk) {
      case 'stripe': {
        const session = this.stripe.session(id);
        const { amount_total: amount, currency, status, metadata, success_url, cancel_url } = session;
        const urls = { paidUrl: success_url ?? '', leftUrl: cancel_url ?? '' };
        return { desk, id, orderId: metadata.orderId, amount, currency, status, open: status === 'open', ...urls };
      }
      case 'intent': {
        const { amount, currency, status, metadata } = this.stripe.intent(id);
        const open = status === 'requires_payment_method';
        return { desk, id, orderId: metadata.orderId, amount, currency, status, open, paidUrl: '', leftUrl: '' };
      }
      case 'paypal': {
        const { order, returnUrl, cancelUrl } = this.paypal.case(id);
        const [{ amount, custom_id: orderId = '' }] = order.purchase_units;
        const rest = { status: order.status, open: order.status !== 'COMPLETED' };
        const money = { amount: minorUnitsOf(amount), currency: amount.currency_code };
        return { desk, id, orderId, ...money, ...rest, paidUrl: returnUrl, leftUrl: cancelUrl };
      }
    }
  }

  /** @throws StripeError, PaypalError when the provider does not let them */
  act(desk: Desk, id: string, deed: Deed): void {
    if (desk === 'paypal') return this.actAtPaypal(id, deed);
    const intent = desk === 'intent' ? this.stripe.intent(id) : undefined;
    switch (deed) {
      case 'pay':
      case 'late':
        return void (intent ? this.stripe.pay(intent, deed === 'late') : this.stripe.paySession(id, deed === 'late'));
      case 'decline':
      case 'refuse':
        return intent ? this.stripe.decline(intent) : this.stripe.declineSession(id);
      case 'dispute':
        return this.stripe.dispute(intent ?? this.stripe.intent(this.stripe.session(id).payment_intent ?? ''));
    }
  }

  /** What was opened for an order, the newest last. */
  billsOf(orderId: string): Bill[] {
    const ids: [Desk, string][] = [
      ...[...this.stripe.sessions.keys()].map((id): [Desk, string] => ['stripe', id]),
      ...[...this.stripe.intents.keys()]
        .filter((id) => !this.isOfSession(id))
        .map((id): [Desk, string] => ['intent', id]),
      ...[...this.paypal.cases.keys()].map((id): [Desk, string] => ['paypal', id]),
    ];
    return ids.map(([desk, id]) => this.bill(desk, id)).filter((bill) => bill.orderId === orderId);
  }

  private isOfSession(intentId: string): boolean {
    return [...this.stripe.sessions.values()].some(({ payment_intent }) => payment_intent === intentId);
  }

  private actAtPaypal(id: string, deed: Deed): void {
    switch (deed) {
      case 'pay':
        return void this.paypal.approve(id, 'good');
      case 'decline':
        return void this.paypal.approve(id, 'declined');
      case 'refuse':
        return void this.paypal.approve(id, 'refused later');
      case 'late':
        return this.paypal.payLate(id);
      case 'dispute':
        return undefined;
    }
  }
}
