import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OnlineMethod, WebhookState } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';
import type { Sighting } from './sighting';

/** An event of a provider, as it came in. It is kept so that it can be processed again. */
@Schema({ collection: 'webhooks', versionKey: false })
export class WebhookRecord {
  _id: Types.ObjectId;

  @Prop({ type: String })
  provider: OnlineMethod;

  /** The provider's; the same event is one document, however often it is delivered. */
  @Prop()
  eventId: string;

  @Prop()
  type: string;

  /** As it came. It holds names and parts of card numbers, never leaves the service, and goes when its customer is erased. */
  @Prop()
  text: string;

  @Prop({ type: String })
  state: WebhookState;

  @Prop()
  deliveries: number;

  @Prop()
  attempts: number;

  /** Grows with each replay; part of the job's id. */
  @Prop()
  round: number;

  /** The order it is about, as soon as that is known; */
  @Prop({ type: SchemaTypes.ObjectId })
  orderId?: Types.ObjectId;

  /** and what it says of its payment, which is nothing of people: with it, it can be processed without its text. */
  @Prop({ type: Object })
  seen?: Sighting;

  @Prop()
  error?: string;

  /** When to look whether it still has a live job; only while it is to be processed. */
  @Prop({ type: Date })
  checkAt?: Date;

  /** When MongoDB forgets it; not while it has failed. */
  @Prop({ type: Date })
  expiresAt?: Date;

  @Prop()
  receivedAt: Date;

  @Prop({ type: Date })
  processedAt?: Date;

  @Prop()
  requestId: string;

  /** The trace that it is part of, where traces are wanted. */
  @Prop()
  traceparent?: string;
}

export const WebhookSchema = SchemaFactory.createForClass(WebhookRecord)
  .index({ provider: 1, eventId: 1 }, { unique: true })
  .index({ receivedAt: -1, _id: -1 })
  .index({ state: 1, receivedAt: -1, _id: -1 })
  .index({ orderId: 1 }, { sparse: true })
  .index({ checkAt: 1 }, { sparse: true })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
