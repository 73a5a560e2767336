import { IsFlag, Webhook } from '@suite/contracts';

export class ReceivedView {
  @IsFlag({ example: true })
  received: boolean;
}

export class WebhookView extends Webhook {}

export const webhookView = (webhook: Webhook): WebhookView => ({
  id: webhook.id,
  provider: webhook.provider,
  eventId: webhook.eventId,
  type: webhook.type,
  state: webhook.state,
  deliveries: webhook.deliveries,
  attempts: webhook.attempts,
  ...(webhook.orderId !== undefined && { orderId: webhook.orderId }),
  ...(webhook.error !== undefined && { error: webhook.error }),
  receivedAt: webhook.receivedAt,
  ...(webhook.processedAt !== undefined && { processedAt: webhook.processedAt }),
});
