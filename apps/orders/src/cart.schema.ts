import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, Types } from 'mongoose';

export interface CartItemRecord {
  /**
   * Which item this is, beyond its stock: an order names the items it was made of by it, and can be made of each only
   * once. What is left over when a part was ordered is a new item.
   */
  id: Types.ObjectId;
  stockId: Types.ObjectId;
  productId: Types.ObjectId;
  sku: string;
  name: string;
  quantity: number;
  /** Minor units, when it was added. */
  price: number;
  /** How much there was when it was added. */
  available: number;
}

/** An addition that carried an idempotency key. */
export interface Addition {
  key: string;
  fingerprint: string;
  /** Which attempt made it, so that the others know themselves for repetitions. */
  attempt: Types.ObjectId;
  at: Date;
}

/** What a user wants to order. One document each; without a document the cart is empty. */
@Schema({ collection: 'carts', versionKey: false })
export class CartRecord {
  /** The user's id; also the sharding key. */
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  /** Grows by one with each write; whoever writes names the one it has read. */
  @Prop()
  version: number;

  /** One for each stock. */
  @Prop({ type: [Object] })
  items: CartItemRecord[];

  @Prop({ type: [Object] })
  additions: Addition[];

  @Prop()
  updatedAt: Date;
}

export const CartSchema = SchemaFactory.createForClass(CartRecord);
