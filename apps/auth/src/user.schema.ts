import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Role, Tier } from '@suite/contracts';
import type { Types } from 'mongoose';

@Schema({ collection: 'users', versionKey: false })
export class UserRecord {
  _id: Types.ObjectId;

  /** In lower case. */
  @Prop()
  email: string;

  @Prop()
  name: string;

  @Prop()
  passwordHash: string;

  /** Grows with each new password: a login that has checked an older one finds that it has come too late. */
  @Prop()
  passwordVersion: number;

  @Prop({ type: String })
  role: Role;

  @Prop({ type: String })
  tier: Tier;

  @Prop()
  disabled: boolean;

  /** Has somebody answered the mail to this address? */
  @Prop()
  verified: boolean;

  /** A verification mail is owed; not to be looked at by others before this time. Removed when it is in the queue. */
  @Prop()
  mailDue?: Date;

  /** A mail of welcome is owed; not to be looked at by others before this time. Removed when it is in the queue. */
  @Prop()
  welcomeDue?: Date;

  /** Whoever confirms another address later is not welcomed again. */
  @Prop({ select: false })
  welcomed?: boolean;

  /** With which request the user was registered, so that a repetition of it is recognised. */
  @Prop({ type: Object })
  registration?: { key: string; name?: string; role?: Role };

  /** See search-terms.ts. Long, and of no use to anybody who reads a user. */
  @Prop({ type: [String], select: false })
  searchTerms?: string[];

  /** Written by whoever takes an admin away, to all others: two who do so at once conflict instead of both succeeding. */
  @Prop({ select: false })
  adminGuard?: number;

  @Prop()
  createdAt: Date;

  @Prop()
  lastLoginAt?: Date;
}

export const UserSchema = SchemaFactory.createForClass(UserRecord);

UserSchema.index({ email: 1 }, { unique: true });
UserSchema.index({ createdAt: -1, _id: -1 });
UserSchema.index({ role: 1, createdAt: -1, _id: -1 });
UserSchema.index({ tier: 1, createdAt: -1, _id: -1 });
UserSchema.index({ searchTerms: 1 });
UserSchema.index({ mailDue: 1 }, { partialFilterExpression: { mailDue: { $exists: true } } });
UserSchema.index({ welcomeDue: 1 }, { partialFilterExpression: { welcomeDue: { $exists: true } } });
