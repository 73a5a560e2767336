import { fact, job, message, Nothing } from './contract';
import {
  AccessPayment,
  OpenPayment,
  Payment,
  PaymentAccess,
  PaymentMethods,
  PaymentOfOrder,
  Refund,
  RefundPayment,
  SettlePayment,
} from './payment';
import { ById } from './reading';
import { ProcessWebhook, ReceiveWebhook, Webhook, WebhookPage, WebhookQuery } from './webhook';

/**
 * All of these answer after one durable write; the provider is called afterwards, from a queue, and what came of it is
 * told. So nobody holds anything while a provider takes its time.
 */
export const payments = {
  /** Which methods can be paid with here. */
  methods: message('payments.methods', Nothing, PaymentMethods, { idempotent: true }),
  /** Wants a payment for an order. One that there is already is answered as it is. */
  open: message('payments.open', OpenPayment, Payment, { idempotent: true }),
  /** All that is known of an order's payment. Without one ORDER_NOT_FOUND. */
  get: message('payments.get', PaymentOfOrder, Payment, { idempotent: true }),
  /** What the caller needs to pay their order: nothing yet, or nothing any more, is an empty answer. */
  access: message('payments.access', AccessPayment, PaymentAccess, { timeoutMs: 8_000, idempotent: true }),
  /** Wants it to be impossible to pay from now on, unless it is paid already: `VOIDED` or `PAID` is told when it is so. */
  void: message('payments.void', PaymentOfOrder, Payment, { idempotent: true }),
  /** The order does not stand: what was captured goes back, what is still to come goes back when it comes. */
  giveBack: message('payments.giveBack', PaymentOfOrder, Nothing, { idempotent: true }),
  /** REFUND_EXCEEDS_CAPTURE (`refundable`, in minor units); ORDER_NOT_FOUND without a payment. Safe to repeat by its key. */
  refund: message('payments.refund', RefundPayment, Refund, { timeoutMs: 8_000, idempotent: true }),

  /** INVALID_SIGNATURE; SERVICE_UNAVAILABLE while it cannot be verified. What was answered is written down. */
  receiveWebhook: message('payments.receiveWebhook', ReceiveWebhook, Nothing, { timeoutMs: 8_000, idempotent: true }),
  webhooks: message('payments.webhooks', WebhookQuery, WebhookPage, { idempotent: true }),
  /** WEBHOOK_NOT_FOUND. */
  replayWebhook: message('payments.replayWebhook', ById, Webhook, { idempotent: true }),

  changed: fact('payments.changed', Payment, ({ orderId, seq }) => `${orderId}.${seq}`),

  /** Money is never given up: what these attempts do not settle is tried again, later, for as long as it takes. */
  settle: job('payments', 'settle', SettlePayment, {
    key: ({ orderId, version }) => `payment-${orderId}-${version}`,
    attempts: 8,
    backoffMs: 500,
    maxBackoffMs: 15_000,
  }),
  processWebhook: job('webhooks', 'process', ProcessWebhook, {
    key: ({ webhookId, round }) => `webhook-${webhookId}-${round}`,
    attempts: 10,
    backoffMs: 500,
    maxBackoffMs: 30_000,
  }),
};
