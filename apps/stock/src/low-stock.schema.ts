import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, Types } from 'mongoose';
import type { LowCrossing } from './ledger-draft';

/** A crossing that admins have to hear of, written in one transaction with the movement that made it. */
@Schema({ collection: 'lowStock', versionKey: false })
export class LowStockRecord {
  /** `<stockId>.<version>`: the key of the fact. */
  @Prop({ type: String })
  _id: string;

  @Prop({ type: SchemaTypes.ObjectId })
  stockId: Types.ObjectId;

  @Prop()
  version: number;

  @Prop()
  available: number;

  @Prop()
  threshold: number;

  @Prop()
  at: Date;

  /** It is not known to be told; not to be looked at by others before this time. Removed when it is. */
  @Prop({ type: Date })
  owed?: Date;
}

export const LowStockSchema = SchemaFactory.createForClass(LowStockRecord);

/** Far longer than any outage that it has to outlive. */
const KEPT_SECONDS = 30 * 24 * 3_600;
LowStockSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
LowStockSchema.index({ owed: 1 }, { partialFilterExpression: { owed: { $exists: true } } });

export const lowStockRecord = ({ stockId, version, available, threshold }: LowCrossing, at: Date): LowStockRecord => ({
  _id: `${stockId}.${version}`,
  stockId: new Types.ObjectId(stockId),
  version,
  available,
  threshold,
  at,
  owed: at,
});
