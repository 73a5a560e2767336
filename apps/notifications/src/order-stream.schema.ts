import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OrderEvent, SendMail } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/** An event, and when it was said, by MongoDB's clock; absent until it was. */
export type EventRecord = Omit<OrderEvent, 'id' | 'orderId' | 'userId' | 'number' | 'tier'> & { saidAt?: Date };

/** What happened to one order, for those who watch it. `_id` is the order's. */
@Schema({ collection: 'orderStreams', versionKey: false })
export class OrderStreamRecord {
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  @Prop()
  number: string;

  @Prop({ type: String })
  tier: OrderEvent['tier'];

  /** As they came in, which need not be the order of their seq. */
  @Prop({ type: [Object] })
  events: EventRecord[];

  /** Up to which seq they were said to the gateways, without a gap. */
  @Prop()
  said: number;

  /** Who says them just now, and until when that is nobody else's business. By MongoDB's clock. */
  @Prop({ type: Object })
  lease?: { by: string; until: Date };

  /** A mail that says what the order waits for; gone as soon as something else happens, or when it was posted. */
  @Prop({ type: Object })
  waiting?: { due: Date; mail: SendMail };

  /** When something came in, or was said. */
  @Prop()
  updatedAt: Date;
}

const KEPT_SECONDS = 7 * 24 * 3_600;

export const OrderStreamSchema = SchemaFactory.createForClass(OrderStreamRecord)
  .index({ userId: 1, updatedAt: 1 })
  .index({ updatedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS })
  .index({ 'waiting.due': 1 }, { partialFilterExpression: { 'waiting.due': { $exists: true } } });
