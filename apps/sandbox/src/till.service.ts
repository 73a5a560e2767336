import { Injectable } from '@nestjs/common';
import { minorUnitsOf } from './paypal-objects';
import { PaypalService } from './paypal.service';
import { StripeIntentsService } from './stripe-intents.service';
import { StripeRefundsService } from './stripe-refunds.service';
import { StripeSessionsService } from './stripe-sessions.service';

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
    private readonly intents: StripeIntentsService,
    private readonly sessions: StripeSessionsService,
    private readonly refunds: StripeRefundsService,
    private readonly paypal: PaypalService,
  ) {}

  /** @throws StripeError, PaypalError when there is no such thing */
  bill(desk: Desk, id: string): Bill {
    switch (desk) {
      case 'stripe': {
        const session = this.sessions.get(id);
        const { amount_total: amount, currency, status, metadata, success_url, cancel_url } = session;
        const urls = { paidUrl: success_url ?? '', leftUrl: cancel_url ?? '' };
        return { desk, id, orderId: metadata.orderId, amount, currency, status, open: status === 'open', ...urls };
      }
      case 'intent': {
        const { amount, currency, status, metadata } = this.intents.get(id);
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
    const intent = desk === 'intent' ? this.intents.get(id) : undefined;
    switch (deed) {
      case 'pay':
      case 'late':
        return void (intent ? this.intents.pay(intent, deed === 'late') : this.sessions.pay(id, deed === 'late'));
      case 'decline':
      case 'refuse':
        return intent ? this.intents.decline(intent) : this.sessions.decline(id);
      case 'dispute':
        return this.refunds.dispute(intent ?? this.intents.get(this.sessions.get(id).payment_intent ?? ''));
    }
  }

  /** What was opened for an order, the newest last. */
  billsOf(orderId: string): Bill[] {
    const ids: [Desk, string][] = [
      ...[...this.sessions.all.keys()].map((id): [Desk, string] => ['stripe', id]),
      ...[...this.intents.all.values()]
        .filter((intent) => !this.intents.isOfSession(intent))
        .map(({ id }): [Desk, string] => ['intent', id]),
      ...[...this.paypal.cases.keys()].map((id): [Desk, string] => ['paypal', id]),
    ];
    return ids.map(([desk, id]) => this.bill(desk, id)).filter((bill) => bill.orderId === orderId);
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
