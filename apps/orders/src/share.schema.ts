import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OrderStatus } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';
import type { CountedState } from './share';

/** How an order was last counted, so that it is counted once, however often and by whomever it is told. */
@Schema({ collection: 'shares', versionKey: false })
export class ShareRecord implements CountedState {
  /** Of the order. */
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  /** Of the last entry of the history that is counted. */
  @Prop()
  seq: number;

  @Prop({ type: String })
  status: OrderStatus;

  @Prop()
  refunded: number;

  @Prop({ type: [Number] })
  refundedUnits: number[];
}

export const ShareSchema = SchemaFactory.createForClass(ShareRecord);
