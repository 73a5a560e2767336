import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';
import type { ReservationState } from './ledger-draft';

/** What one order holds. `_id` is the order's id, so that no order can ever hold twice. */
@Schema({ collection: 'reservations', versionKey: false })
export class ReservationRecord {
  _id: Types.ObjectId;

  @Prop()
  epoch: number;

  @Prop({ type: String })
  state: ReservationState;

  /**
   * Merged by stock, sorted by stock id; empty when a release came before its reservation. What was `returned` is no
   * longer part of the quantity.
   */
  @Prop({ type: [Object] })
  lines: { stockId: Types.ObjectId; quantity: number; returned?: number }[];

  @Prop()
  updatedAt: Date;

  /** Set only while released: from then on it is a tombstone. */
  @Prop()
  releasedAt?: Date;
}

export const ReservationSchema = SchemaFactory.createForClass(ReservationRecord);

/** Longer than any late message, retry or replay of the order can live. */
const TOMBSTONE_SECONDS = 30 * 24 * 3_600;
ReservationSchema.index(
  { releasedAt: 1 },
  { expireAfterSeconds: TOMBSTONE_SECONDS, partialFilterExpression: { releasedAt: { $exists: true } } },
);
