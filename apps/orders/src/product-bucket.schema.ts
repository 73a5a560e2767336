import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Tier } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';
import type { Grain } from './time-range';

/** What was sold of one product to one tier, by orders that were placed in an hour or a day. */
@Schema({ collection: 'productBuckets', versionKey: false })
export class ProductBucketRecord {
  /** Of a rebuild, as with sales. */
  @Prop()
  generation: number;

  @Prop({ type: String })
  grain: Grain;

  @Prop({ type: String })
  tier: Tier;

  /** When it begins. */
  @Prop()
  at: Date;

  @Prop({ type: SchemaTypes.ObjectId })
  productId: Types.ObjectId;

  /** As in the order that was counted last. */
  @Prop()
  sku: string;

  @Prop()
  name: string;

  @Prop()
  units: number;

  /** Minor units. */
  @Prop()
  revenue: number;
}

export const ProductBucketSchema = SchemaFactory.createForClass(ProductBucketRecord);
ProductBucketSchema.index({ generation: 1, grain: 1, tier: 1, at: 1, productId: 1 }, { unique: true });
