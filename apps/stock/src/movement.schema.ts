import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { MovementKind } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/** What of a movement one order moved. */
export interface MovedOrder {
  orderId: Types.ObjectId;
  quantity: number;
}

/**
 * One or several lines of the ledger, append-only. Orders that move a stock alike within one write share a document, a
 * line each: on a hot product a batch makes one document and not one an order. The sums of a stock's movements are its
 * counters, and `available + reserved + sold` of one movement is what it changed of `received`.
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

  /** Number of its first line, from 0 within one write, which moves one stock many times and raises its version once. */
  @Prop()
  n: number;

  @Prop({ type: String })
  kind: MovementKind;

  /** This and the next two: of all its orders together. */
  @Prop()
  available: number;

  @Prop()
  reserved: number;

  @Prop()
  sold: number;

  /** Line `n` is the first, `n + 1` the next; none where an admin moved. */
  @Prop({ type: [Object] })
  orders?: MovedOrder[];

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
