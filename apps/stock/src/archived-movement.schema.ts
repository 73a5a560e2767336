import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { MovementRecord } from './movement.schema';

/** A movement as it was, out of the way of those that are written now. Of each stock the oldest versions, and all of them. */
@Schema({ collection: 'movementsArchive', versionKey: false })
export class ArchivedMovementRecord extends MovementRecord {
  @Prop()
  archivedAt: Date;
}

export const ArchivedMovementSchema = SchemaFactory.createForClass(ArchivedMovementRecord);

ArchivedMovementSchema.index({ stockId: 1, version: 1, n: 1 }, { unique: true });
