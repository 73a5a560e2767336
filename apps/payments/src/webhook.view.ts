import type { Webhook } from '@suite/contracts';
import type { WebhookRecord } from './webhook.schema';

/** What leaves of a webhook: everything but what is in it. */
export const webhookView = (webhook: WebhookRecord): Webhook => ({
  id: String(webhook._id),
  provider: webhook.provider,
  eventId: webhook.eventId,
  type: webhook.type,
  state: webhook.state,
  deliveries: webhook.deliveries,
  attempts: webhook.attempts,
  orderId: webhook.orderId && String(webhook.orderId),
  error: webhook.error,
  receivedAt: webhook.receivedAt.toISOString(),
  processedAt: webhook.processedAt?.toISOString(),
});
