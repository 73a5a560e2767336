import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OptionalMailKind } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/** What somebody does without. Whoever has none gets all. `_id` is the user's. */
@Schema({ collection: 'mailPreferences', versionKey: false })
export class MailPreferenceRecord {
  @Prop({ type: SchemaTypes.ObjectId })
  _id: Types.ObjectId;

  @Prop({ type: [String] })
  off: OptionalMailKind[];
}

export const MailPreferenceSchema = SchemaFactory.createForClass(MailPreferenceRecord);
