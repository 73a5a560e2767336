import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';

export const tokenKinds = ['verify-email', 'reset-password'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** A token that was mailed. Whoever brings it has read the mail; using it removes it. */
@Schema({ collection: 'oneTimeTokens', versionKey: false })
export class OneTimeTokenRecord {
  /** Hash of the token. */
  @Prop()
  _id: string;

  @Prop({ type: String })
  kind: TokenKind;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  /** Where it was sent. */
  @Prop()
  email: string;

  @Prop()
  expiresAt: Date;
}

export const OneTimeTokenSchema = SchemaFactory.createForClass(OneTimeTokenRecord);

OneTimeTokenSchema.index({ userId: 1, kind: 1 });
OneTimeTokenSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
