import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, Types } from 'mongoose';
import type { Change } from './share';

/** What some orders that were counted together change, until it is folded into the buckets. Nobody but those who count
 * writes here, each a document of its own: they never wait for each other, as they would for a bucket. */
@Schema({ collection: 'tallies', versionKey: false })
export class TallyRecord {
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  @Prop({ type: [Object] })
  changes: Change[];
}

export const TallySchema = SchemaFactory.createForClass(TallyRecord);
