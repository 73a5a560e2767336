import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';

/** That an account was erased, and what of it remains to be done. Says nothing of the person, and stays. */
@Schema({ collection: 'erasures', versionKey: false })
export class ErasureRecord {
  /** The id that the user had. */
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  /** Who wanted it: the user, or an admin. */
  @Prop({ type: SchemaTypes.ObjectId })
  by: Types.ObjectId;

  @Prop()
  at: Date;

  /** When it is to be told next; not to be looked at by others before. Removed when it was told for the last time. */
  @Prop()
  due?: Date;
}

export const ErasureSchema = SchemaFactory.createForClass(ErasureRecord);
ErasureSchema.index({ due: 1 }, { partialFilterExpression: { due: { $exists: true } } });
