import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, Types } from 'mongoose';

const counter = { bsonType: ['int', 'long'], minimum: 0 };

/** The last line of defence: whatever a bug or a hand at the shell tries, MongoDB refuses to oversell. */
const validator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['productId', 'available', 'reserved', 'sold', 'received', 'version'],
    properties: {
      productId: { bsonType: 'objectId' },
      available: counter,
      reserved: counter,
      sold: counter,
      received: counter,
      version: counter,
    },
  },
  $expr: { $eq: ['$received', { $add: ['$available', '$reserved', '$sold'] }] },
};

/** As collection options, and as MongoDB tells them back. */
export const stockRules = { validator, validationLevel: 'strict', validationAction: 'error' };

/**
 * The counters of one stock, written by nobody but the ledger. `version` is the optimistic lock: every write filters on
 * the version it has read and raises it by one.
 */
@Schema({ collection: 'stock', versionKey: false, collectionOptions: stockRules })
export class StockRecord {
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  productId: Types.ObjectId;

  @Prop()
  available: number;

  /** Held for orders that are not confirmed yet. */
  @Prop()
  reserved: number;

  @Prop()
  sold: number;

  /** All that ever came in, less what was adjusted away: `available + reserved + sold`. */
  @Prop()
  received: number;

  @Prop()
  version: number;

  /** At or below it the stock is low; without one of its own, the setting says. No figure: `version` does not count it. */
  @Prop()
  lowStockThreshold?: number;

  /** Says nothing by itself: rewriting it makes transactions in hand lose (`LedgerStore.queueUp`). */
  @Prop({ type: SchemaTypes.ObjectId })
  turn?: Types.ObjectId;
}

export const StockSchema = SchemaFactory.createForClass(StockRecord);
StockSchema.index({ productId: 1 }, { unique: true });
