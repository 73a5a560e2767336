import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { MovementKind } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/**
 * One line of the ledger, append-only. The sums of a stock's movements are its counters, and `available + reserved +
 * sold` of one movement is what it changed of `received`.
 */
@Schema({ collection: 'movements', versionKey: false })
export class MovementRecord {
  /** Of a receipt or an adjustment with an idempotency key: derived from that key (`movement-id.ts`). */
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  stockId: Types.ObjectId;

  /** Of the stock document after the write that this movement is part of. */
  @Prop()
  version: number;

  /** From 0 within one write: a group commit moves one stock many times and raises its version once. */
  @Prop()
  n: number;

  @Prop({ type: String })
  kind: MovementKind;

  @Prop()
  available: number;

  @Prop()
  reserved: number;

  @Prop()
  sold: number;

  @Prop({ type: SchemaTypes.ObjectId })
  orderId?: Types.ObjectId;

  @Prop()
  reason?: string;

  /** The admin who received or adjusted. */
  @Prop({ type: SchemaTypes.ObjectId })
  by?: Types.ObjectId;

  @Prop()
  at: Date;
}

export const MovementSchema = SchemaFactory.createForClass(MovementRecord);

/** Makes a doubled write impossible, and serves the ledger in order. */
MovementSchema.index({ stockId: 1, version: 1, n: 1 }, { unique: true });
