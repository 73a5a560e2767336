import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { CreateProduct } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

@Schema({ collection: 'products', versionKey: false })
export class ProductRecord {
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  stockId: Types.ObjectId;

  @Prop()
  sku: string;

  @Prop()
  name: string;

  @Prop()
  description: string;

  @Prop()
  category: string;

  @Prop()
  imageUrl?: string;

  /** Minor units. */
  @Prop()
  price: number;

  /** Of the product data, for If-Match; the stock has its own. */
  @Prop()
  version: number;

  /** Gone from the shop, kept for the orders that name it. Its sku stays taken. */
  @Prop()
  archived: boolean;

  @Prop()
  createdAt: Date;

  /** What the creation asked for: a repetition of it is compared with this, and answered from it. */
  @Prop({ type: Object })
  created: CreateProduct;
}

export const ProductSchema = SchemaFactory.createForClass(ProductRecord);

/** Names are used to tell which rule a duplicate key broke. */
export const SKU_INDEX = 'sku_once';

ProductSchema.index({ sku: 1 }, { name: SKU_INDEX, unique: true });
ProductSchema.index({ stockId: 1 }, { unique: true });
// One for each way the catalogue can be sorted; `_id` decides among equals.
ProductSchema.index({ archived: 1, createdAt: -1, _id: -1 });
ProductSchema.index({ archived: 1, price: 1, _id: 1 });
ProductSchema.index({ archived: 1, name: 1, _id: 1 });
ProductSchema.index({ archived: 1, category: 1, createdAt: -1, _id: -1 });
// No stemming and no stop words: a sku or a name in any language is found by the words as they are written.
ProductSchema.index({ name: 'text', sku: 'text', description: 'text' }, { name: 'words', default_language: 'none' });
