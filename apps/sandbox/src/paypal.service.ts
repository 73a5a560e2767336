import { Injectable } from '@nestjs/common';
import { LedgerService } from './ledger.service';
import { invalidRequest, notFound, unprocessable } from './paypal-errors';
import {
  minorUnitsOf,
  moneyOf,
  type Money,
  type PaypalCapture,
  type PaypalCase,
  type PaypalOrder,
  type PaypalRefund,
  type Wallet,
} from './paypal-objects';
import { SandboxConfig } from './sandbox.config';
import { paypalId } from './sandbox-id';
import { WebhooksService } from './webhooks.service';

interface CreateOrder {
  purchase_units?: [{ reference_id?: string; custom_id?: string; amount: Money }];
  payment_source?: { paypal?: { experience_context?: { return_url?: string; cancel_url?: string } } };
}

interface CreateRefund {
  amount?: Money;
  invoice_id?: string;
  custom_id?: string;
}

/** PayPal from the inside: orders that payers approve and shops capture, refunds, and the events that tell of them. */
@Injectable()
export class PaypalService {
  readonly cases = new Map<string, PaypalCase>();

  constructor(
    private readonly config: SandboxConfig,
    private readonly ledger: LedgerService,
    private readonly webhooks: WebhooksService,
  ) {}

  createOrder({ purchase_units: units, payment_source: source }: CreateOrder): PaypalOrder {
    const [unit] = units ?? [];
    if (!unit || !/^\d+\.\d\d$/.test(unit.amount?.value)) throw invalidRequest('The value of a field is invalid.');
    const id = paypalId();
    const order: PaypalOrder = {
      id,
      intent: 'CAPTURE',
      status: 'PAYER_ACTION_REQUIRED',
      purchase_units: [
        { reference_id: unit.reference_id ?? 'default', custom_id: unit.custom_id, amount: unit.amount },
      ],
      links: [
        { href: `${this.config.ownUrl}/v2/checkout/orders/${id}`, rel: 'self', method: 'GET' },
        { href: `${this.config.ownUrl}/pay/paypal/${id}`, rel: 'payer-action', method: 'GET' },
      ],
      create_time: now(),
    };
    const { return_url: returnUrl = '', cancel_url: cancelUrl = '' } = source?.paypal?.experience_context ?? {};
    this.cases.set(id, { order, wallet: 'good', returnUrl, cancelUrl });
    return order;
  }

  case(id: string): PaypalCase {
    const found = this.cases.get(id);
    if (!found) throw notFound();
    return found;
  }

  /** The payer says yes on the page; nothing is paid before the shop captures it. */
  approve(id: string, wallet: Wallet): PaypalCase {
    const found = this.case(id);
    if (found.order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_CAPTURED', 'It is paid already.');
    found.wallet = wallet;
    found.order.status = 'APPROVED';
    this.webhooks.tellPaypal('CHECKOUT.ORDER.APPROVED', 'checkout-order', found.order);
    return found;
  }

  capture(id: string): PaypalOrder {
    const found = this.case(id);
    const { order, wallet } = found;
    if (order.status === 'COMPLETED') {
      throw unprocessable(
        'ORDER_ALREADY_CAPTURED',
        'Order already captured. If intent=CAPTURE only one capture per order is allowed.',
      );
    }
    if (order.status !== 'APPROVED') {
      throw unprocessable('ORDER_NOT_APPROVED', 'Payer has not yet approved the Order for payment.');
    }
    if (wallet === 'declined') {
      order.status = 'PAYER_ACTION_REQUIRED';
      throw unprocessable(
        'INSTRUMENT_DECLINED',
        'The instrument presented was either declined by the processor or bank, or it can’t be used for this payment.',
      );
    }
    const capture = this.book(order, wallet === 'good' ? 'COMPLETED' : 'PENDING');
    order.status = 'COMPLETED';
    if (capture.status === 'COMPLETED') this.webhooks.tellPaypal('PAYMENT.CAPTURE.COMPLETED', 'capture', capture);
    else this.refuseLater(capture);
    return order;
  }

  /** Money that arrives although nobody captured it any more: as of a capture that was pending for long. */
  payLate(id: string): void {
    const { order } = this.case(id);
    order.status = 'COMPLETED';
    this.webhooks.tellPaypal('PAYMENT.CAPTURE.COMPLETED', 'capture', this.book(order, 'COMPLETED'));
  }

  refund(captureId: string, { amount, invoice_id, custom_id }: CreateRefund): PaypalRefund {
    const order = [...this.cases.values()]
      .map((found) => found.order)
      .find(({ purchase_units: [{ payments }] }) => payments?.captures.some(({ id }) => id === captureId));
    if (!order) throw notFound();
    const [unit] = order.purchase_units;
    const capture = unit.payments!.captures.find(({ id }) => id === captureId)!;
    const before = unit.payments!.refunds.reduce((sum, refund) => sum + minorUnitsOf(refund.amount), 0);
    const left = minorUnitsOf(capture.amount) - before;
    const wanted = amount ? minorUnitsOf(amount) : left;
    if (left === 0) throw unprocessable('CAPTURE_FULLY_REFUNDED', 'The capture has already been fully refunded.');
    if (wanted > left) {
      throw unprocessable(
        'REFUND_AMOUNT_EXCEEDED',
        'The refund amount must be less than or equal to the capture amount that has not yet been refunded.',
      );
    }
    const id = paypalId();
    const refund: PaypalRefund = {
      id,
      status: 'COMPLETED',
      amount: moneyOf(wanted, capture.amount.currency_code),
      invoice_id,
      custom_id,
      links: [{ href: `${this.config.ownUrl}/v2/payments/captures/${captureId}`, rel: 'up', method: 'GET' }],
      create_time: now(),
    };
    unit.payments!.refunds.push(refund);
    capture.status = wanted === left ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
    const currency = refund.amount.currency_code;
    this.ledger.refund(unit.custom_id ?? order.id, 'paypal', { id, amount: wanted, currency });
    this.webhooks.tellPaypal('PAYMENT.CAPTURE.REFUNDED', 'refund', refund);
    return refund;
  }

  private book(order: PaypalOrder, status: PaypalCapture['status']): PaypalCapture {
    const [unit] = order.purchase_units;
    const id = paypalId();
    const capture: PaypalCapture = {
      id,
      status,
      amount: unit.amount,
      custom_id: unit.custom_id,
      final_capture: true,
      supplementary_data: { related_ids: { order_id: order.id } },
      links: [{ href: `${this.config.ownUrl}/v2/checkout/orders/${order.id}`, rel: 'up', method: 'GET' }],
      create_time: now(),
    };
    unit.payments ??= { captures: [], refunds: [] };
    unit.payments.captures.push(capture);
    if (status === 'COMPLETED') {
      const { currency_code: currency } = unit.amount;
      this.ledger.capture(unit.custom_id ?? order.id, 'paypal', { id, amount: minorUnitsOf(unit.amount), currency });
    }
    return capture;
  }

  private refuseLater(capture: PaypalCapture): void {
    capture.status = 'DECLINED';
    this.webhooks.tellPaypal('PAYMENT.CAPTURE.DENIED', 'capture', capture);
  }
}

const now = (): string => new Date().toISOString();
