import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Types } from 'mongoose';

/** How far building the buckets anew has come. */
export interface Rebuild {
  /** The last order that the new buckets have; null at the beginning. Whoever comes along takes the next step. */
  after: Types.ObjectId | null;
  /** How many orders they have. */
  orders: number;
  /** How many of them had not been counted, or not as they are. */
  mended: number;
  since: Date;
}

export const newRebuild = (): Rebuild => ({ after: null, orders: 0, mended: 0, since: new Date() });

/** Which buckets are read. One document. */
@Schema({ collection: 'reportStates', versionKey: false })
export class ReportStateRecord {
  @Prop({ type: String })
  _id: string;

  @Prop()
  generation: number;

  /** Written by whoever changes buckets, first of all: of two at once one begins again. */
  @Prop()
  version: number;

  /** The generation after this one is being built. */
  @Prop({ type: Object })
  rebuild?: Rebuild;

  /** The rebuild that made the buckets which are read. */
  @Prop({ type: Object })
  built?: Rebuild;
}

export const ReportStateSchema = SchemaFactory.createForClass(ReportStateRecord);
