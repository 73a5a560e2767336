import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OrderEvent } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';
import type { Place } from './place';

/** For how long what happened can be asked for. */
export const KEPT_SECONDS = 7 * 24 * 3_600;

/**
 * One thing that happened to an order and was said to those who watch it. Written once it was said, and not again. `_id`
 * is the event's, `<orderId>.<seq>`: the events of one order are one range of keys.
 */
@Schema({ collection: 'orderEvents', versionKey: false })
export class OrderEventRecord {
  @Prop({ type: String })
  _id: string;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  @Prop({ type: String })
  number: string;

  @Prop({ type: String })
  tier: OrderEvent['tier'];

  @Prop({ type: String })
  kind: OrderEvent['kind'];

  @Prop({ type: String })
  status: OrderEvent['status'];

  @Prop({ type: String })
  previousStatus?: OrderEvent['previousStatus'];

  /** When it happened, as orders tells it. */
  @Prop({ type: String })
  at: string;

  @Prop({ type: Object })
  failure?: OrderEvent['failure'];

  /** Among all that was said. What was said twice has the place of whoever wrote it down first. */
  @Prop({ type: String })
  place: Place;

  /** The time in its place, by Redis' clock. */
  @Prop({ type: Date })
  saidAt: Date;

  /**
   * A mail that says what the order waits for, as JSON, since it is hardly ever read; gone once it was due, whether it was
   * posted or the order had moved on.
   */
  @Prop({ type: Object })
  waiting?: WaitingMail;
}

export interface WaitingMail {
  due: Date;
  mail: string;
}

export const OrderEventSchema = SchemaFactory.createForClass(OrderEventRecord)
  .index({ userId: 1, saidAt: 1 })
  .index({ saidAt: 1 }, { expireAfterSeconds: KEPT_SECONDS })
  .index({ 'waiting.due': 1 }, { partialFilterExpression: { 'waiting.due': { $exists: true } } });
