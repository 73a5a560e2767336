import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, Types } from 'mongoose';

/** That somebody asked for many dead letters to be replayed: who, which, how fast. Also the memory of its key. */
@Schema({ collection: 'replayRuns', versionKey: false })
export class ReplayRunRecord {
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  by: Types.ObjectId;

  @Prop({ type: Object })
  idempotency?: { key: string; fingerprint: string };

  @Prop()
  reason?: string;

  @Prop()
  limit: number;

  @Prop()
  perSecond: number;

  @Prop()
  scheduled: number;

  @Prop()
  until?: Date;

  @Prop()
  at: Date;
}

export const ReplayRunSchema = SchemaFactory.createForClass(ReplayRunRecord);
ReplayRunSchema.index(
  { by: 1, 'idempotency.key': 1 },
  { unique: true, partialFilterExpression: { 'idempotency.key': { $exists: true } } },
);
