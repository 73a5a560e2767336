import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OrderStatus, Tier } from '@suite/contracts';
import type { Grain } from './time-range';

/** What the orders of one tier that were placed in a minute, an hour or a day have come to. */
@Schema({ collection: 'salesBuckets', versionKey: false })
export class SalesBucketRecord {
  /** Of a rebuild: all buckets are built anew beside those that are read. */
  @Prop()
  generation: number;

  @Prop({ type: String })
  grain: Grain;

  @Prop({ type: String })
  tier: Tier;

  /** When it begins. */
  @Prop()
  at: Date;

  @Prop({ type: Object })
  orders: Partial<Record<OrderStatus, number>>;

  /** Minor units. */
  @Prop()
  revenue: number;
}

export const SalesBucketSchema = SchemaFactory.createForClass(SalesBucketRecord);
SalesBucketSchema.index({ generation: 1, grain: 1, tier: 1, at: 1 }, { unique: true });
