import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Tier } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/** An order that could not be processed: what was tried, why it did not work, and whom it concerns. Durable. */
@Schema({ collection: 'deadLetters', versionKey: false })
export class DeadLetterRecord {
  /** `<orderId>-<epoch>`: an order that is replayed and dies again has a second one. */
  @Prop({ type: String })
  _id: string;

  @Prop({ type: SchemaTypes.ObjectId })
  orderId: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  @Prop()
  number: string;

  @Prop({ type: String })
  tier: Tier;

  /** The last error, as the worker reported it. */
  @Prop()
  error: string;

  @Prop()
  attempts: number;

  /** How many of the attempts ended with the death of their worker. */
  @Prop()
  crashes: number;

  @Prop()
  requestId: string;

  @Prop({ type: String })
  state: 'open' | 'replayed' | 'discarded';

  @Prop()
  at: Date;
}

export const DeadLetterSchema = SchemaFactory.createForClass(DeadLetterRecord);
DeadLetterSchema.index({ state: 1, at: -1, _id: -1 });
DeadLetterSchema.index({ orderId: 1 });
