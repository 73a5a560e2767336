import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { DeadLetterAction, DeadLetterState, Tier } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

export interface DeadLetterEntryRecord {
  action: DeadLetterAction;
  /** The admin. */
  by: string;
  at: Date;
  reason?: string;
  /** The idempotency key it was asked for with: the same request again gets the same answer. */
  key?: string;
}

/** An order that could not be processed: what was tried, why it did not work, and whom it concerns. Durable. */
@Schema({ collection: 'deadLetters', versionKey: false })
export class DeadLetterRecord {
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  orderId: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  /** In which the order was given up: one that is replayed and dies again has a second letter. */
  @Prop()
  epoch: number;

  @Prop()
  number: string;

  @Prop({ type: String })
  tier: Tier;

  /** Of its order, in minor units. Absent in letters that are older than this field. */
  @Prop()
  total?: number;

  /** What letters of one cause have in common: the code that `error` begins with. */
  @Prop()
  reason: string;

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
  state: DeadLetterState;

  /** How often its order had been replayed before. */
  @Prop()
  replays: number;

  /** A replay of many will come to it then. */
  @Prop({ type: Object })
  scheduled?: { at: Date; by: string; run: Types.ObjectId; perSecond: number };

  @Prop({ type: [Object] })
  audit: DeadLetterEntryRecord[];

  @Prop()
  at: Date;
}

export const DeadLetterSchema = SchemaFactory.createForClass(DeadLetterRecord);
/** Makes writing one safe to repeat. */
DeadLetterSchema.index({ orderId: 1, epoch: 1 }, { unique: true });
DeadLetterSchema.index({ state: 1, at: -1, _id: -1 });
DeadLetterSchema.index({ state: 1, reason: 1, at: -1, _id: -1 });
DeadLetterSchema.index({ 'scheduled.at': 1 }, { partialFilterExpression: { 'scheduled.at': { $exists: true } } });
