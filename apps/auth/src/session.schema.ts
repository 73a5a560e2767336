import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';

/** A login and the family of refresh tokens that came of it. It stays until it expires, also when it was ended before. */
@Schema({ collection: 'sessions', versionKey: false })
export class SessionRecord {
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  /** Hash of the one refresh token that has not been used. */
  @Prop()
  tokenHash: string;

  /** Hash of the one used last; for a moment it is answered with the same successor again. */
  @Prop()
  previousHash?: string;

  @Prop()
  rotatedAt?: Date;

  /** Stands in the access tokens. Grows when what they say of role or tier has become wrong: older ones are refused. */
  @Prop()
  version: number;

  @Prop()
  endedAt?: Date;

  /** When access tokens were last made invalid before their time, by an end or by a new version. */
  @Prop()
  revokedAt?: Date;

  /** Redis is not known to have heard of it. */
  @Prop()
  unpublished?: boolean;

  @Prop()
  userAgent: string;

  @Prop()
  address: string;

  @Prop()
  createdAt: Date;

  @Prop()
  lastUsedAt: Date;

  /** Moves on with each use. */
  @Prop()
  expiresAt: Date;
}

export const SessionSchema = SchemaFactory.createForClass(SessionRecord);

SessionSchema.index({ userId: 1, endedAt: 1, createdAt: -1 });
SessionSchema.index({ userId: 1, address: 1 });
SessionSchema.index({ unpublished: 1 }, { partialFilterExpression: { unpublished: true } });
SessionSchema.index({ revokedAt: 1 }, { partialFilterExpression: { revokedAt: { $exists: true } } });
SessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
