import { Injectable } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import { PaymentsConfig } from './payments.config';
import { PaypalClient } from './paypal-client';
import {
  isUnpaid,
  linkTo,
  readPaypalEvent,
  sightOrder,
  type PaypalMoney,
  type PaypalOrder,
  type PaypalRefund,
} from './paypal-sightings';
import {
  keyOf,
  ProviderRefusal,
  type Opened,
  type PaymentProvider,
  type ProviderEvent,
  type WebhookDelivery,
} from './provider';
import type { Sighting } from './sighting';

const DECLINED = 'The bank or the card refused the payment';

/**
 * PayPal. The customer agrees at PayPal, and then the shop fetches the money: so nothing has to be ended there before an
 * order ends; what is not fetched does not move, and the agreement lapses by itself.
 */
@Injectable()
export class PaypalProvider implements PaymentProvider {
  readonly method = 'PAYPAL';
  private readonly client: PaypalClient;

  constructor(private readonly config: PaymentsConfig) {
    this.client = new PaypalClient(config);
  }

  async open(payment: PaymentRecord): Promise<Opened> {
    const { _id, number, amount, currency } = payment;
    const body = {
      intent: 'CAPTURE',
      purchase_units: [
        {
          reference_id: 'default',
          custom_id: String(_id),
          invoice_id: `${number}-${payment.generation}`,
          description: `Order ${number}`,
          amount: moneyOf(amount, currency),
        },
      ],
      payment_source: {
        paypal: {
          experience_context: {
            return_url: this.config.SUCCESS_URL,
            cancel_url: this.config.CANCEL_URL,
            user_action: 'PAY_NOW',
            shipping_preference: 'NO_SHIPPING',
          },
        },
      },
    };
    const order = await this.client.call<PaypalOrder>({
      method: 'POST',
      path: '/v2/checkout/orders',
      body: JSON.stringify(body),
      requestId: keyOf(payment, 'open'),
    });
    return { reference: order.id, paymentUrl: linkTo(order.links, 'payer-action', 'approve') };
  }

  async look({ reference = '' }: PaymentRecord): Promise<Sighting> {
    try {
      return sightOrder(
        await this.client.call<PaypalOrder>({ method: 'GET', path: `/v2/checkout/orders/${reference}` }),
      );
    } catch (error) {
      // It has lapsed: nothing can be paid there.
      if (error instanceof ProviderRefusal && error.code === 'INVALID_RESOURCE_ID') return { voided: true };
      throw error;
    }
  }

  /** A decline ends one try, and its key with it: the customer agrees anew, and the next capture is another one. */
  async capture(payment: PaymentRecord): Promise<Sighting> {
    const { reference = '', declines } = payment;
    const requestId = `${keyOf(payment, 'capture')}-${declines.length}`;
    try {
      const path = `/v2/checkout/orders/${reference}/capture`;
      return sightOrder(await this.client.call<PaypalOrder>({ method: 'POST', path, body: '{}', requestId }));
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      switch (error.code) {
        case 'INSTRUMENT_DECLINED':
          return { declines: [{ id: requestId, reason: DECLINED }] };
        case 'ORDER_ALREADY_CAPTURED':
          return this.look(payment);
        case 'ORDER_NOT_APPROVED':
        case 'INVALID_RESOURCE_ID':
          return {};
        default:
          return { declines: [{ id: requestId, reason: error.message || DECLINED }] };
      }
    }
  }

  async void(payment: PaymentRecord): Promise<Sighting> {
    const { captures = [], refunds, refused, pending } = await this.look(payment);
    if (pending) return { refused };
    return captures.length > 0 ? { captures, refunds } : { voided: true, refused };
  }

  async refund(payment: PaymentRecord, refund: RefundRecord): Promise<Sighting> {
    const { key, amount, captureId } = refund;
    const made = await this.client.call<PaypalRefund>({
      method: 'POST',
      path: `/v2/payments/captures/${captureId}/refund`,
      body: JSON.stringify({ amount: moneyOf(amount, payment.currency), invoice_id: key }),
      requestId: `${keyOf(payment, 'refund')}-${key}`,
    });
    // The call has succeeded, the refund has not: by the same key it would be answered so again.
    if (isUnpaid(made)) throw new ProviderRefusal(`REFUND_${made.status}`, 'PayPal could not pay the refund out');
    return { refunds: [{ reference: made.id, key, amount, captureId }] };
  }

  /** PayPal says itself whether it has sent a webhook; the event goes back to it byte by byte. */
  async verify({ body, headers }: WebhookDelivery): Promise<ProviderEvent> {
    const text = body.toString('utf8');
    const { id, event_type: type } = parse(text);
    const about = {
      auth_algo: headers['paypal-auth-algo'],
      cert_url: headers['paypal-cert-url'],
      transmission_id: headers['paypal-transmission-id'],
      transmission_sig: headers['paypal-transmission-sig'],
      transmission_time: headers['paypal-transmission-time'],
      webhook_id: this.config.PAYPAL_WEBHOOK_ID,
    };
    if (!id || !type || Object.values(about).some((value) => !value)) throw new Problem('INVALID_SIGNATURE');
    const question = `${JSON.stringify(about).slice(0, -1)},"webhook_event":${text}}`;
    const path = '/v1/notifications/verify-webhook-signature';
    try {
      const { verification_status: status } = await this.client.verify<{ verification_status: string }>({
        method: 'POST',
        path,
        body: question,
      });
      if (status === 'SUCCESS') return { id, type };
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
    }
    throw new Problem('INVALID_SIGNATURE');
  }

  read(text: string): Sighting | undefined {
    return readPaypalEvent(JSON.parse(text) as Parameters<typeof readPaypalEvent>[0]);
  }
}

const moneyOf = (minorUnits: number, currency: string): PaypalMoney => ({
  currency_code: currency,
  value: (minorUnits / 100).toFixed(2),
});

function parse(text: string): { id?: string; event_type?: string } {
  try {
    return (JSON.parse(text) ?? {}) as { id?: string; event_type?: string };
  } catch {
    throw new Problem('INVALID_SIGNATURE');
  }
}
