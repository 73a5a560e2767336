import { IsId, IsListOf, IsOneOf, IsPart, IsRecord, IsText, IsTime, IsWhole } from './fields';
import { onlineMethods, type OnlineMethod } from './payment';
import { PageMeta, PageQuery } from './reading';

/** received → processed | ignored (nothing of ours) | failed (given up for now, visible, to be replayed). */
export const webhookStates = ['received', 'processed', 'ignored', 'failed'] as const;
export type WebhookState = (typeof webhookStates)[number];

/** What a provider sent, byte by byte: the signature is over the bytes. */
export class ReceiveWebhook {
  @IsOneOf(onlineMethods)
  provider: OnlineMethod;

  @IsText(0, 400_000, { description: 'Base64' })
  body: string;

  @IsRecord({ description: 'The headers that carry the signature, by their names in lower case' })
  headers: Record<string, string>;
}

/** A webhook as those who operate the shop see it. What is in it stays inside: it is about people and their cards. */
export class Webhook {
  @IsId()
  id: string;

  @IsOneOf(onlineMethods)
  provider: OnlineMethod;

  @IsText(1, 200, { description: 'The provider’s id of the event', example: 'evt_1Q2w3E4r5T6y' })
  eventId: string;

  @IsText(1, 200, { example: 'payment_intent.succeeded' })
  type: string;

  @IsOneOf(webhookStates)
  state: WebhookState;

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'How often it was delivered', example: 1 })
  deliveries: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'How often it was tried to process it', example: 1 })
  attempts: number;

  @IsId({ optional: true, description: 'The order it is about' })
  orderId?: string;

  @IsText(1, 1_000, { optional: true, description: 'Why it could not be processed' })
  error?: string;

  @IsTime()
  receivedAt: string;

  @IsTime({ optional: true })
  processedAt?: string;
}

export class WebhookQuery extends PageQuery {
  @IsOneOf(webhookStates, { optional: true })
  state?: WebhookState;

  @IsOneOf(onlineMethods, { optional: true })
  provider?: OnlineMethod;
}

export class WebhookPage {
  @IsListOf(Webhook, 0, 100)
  items: Webhook[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

export class ProcessWebhook {
  @IsId()
  webhookId: string;

  @IsWhole(0, 1_000_000, { description: 'Grows with each replay' })
  round: number;
}
