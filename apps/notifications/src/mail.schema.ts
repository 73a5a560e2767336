import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mailStates, type MailKind, type MailState } from '@suite/contracts';
import { SchemaTypes, type Types } from 'mongoose';

/** A mail is this document; the job in Redis only wakes somebody who sends it. */
@Schema({ collection: 'mails', versionKey: false, minimize: false })
export class MailRecord {
  /** The key of the mail, so that one mail is one document. */
  @Prop({ type: String })
  _id: string;

  @Prop({ type: String, required: true })
  kind: MailKind;

  @Prop({ type: String, required: true })
  to: string;

  /** Whose mail it is. */
  @Prop({ type: SchemaTypes.ObjectId })
  userId?: Types.ObjectId;

  /** As the contract `mailData` says; its one-time token is removed when the mail has ended. */
  @Prop({ type: SchemaTypes.Mixed, required: true })
  data: object;

  @Prop({ type: String, enum: mailStates, required: true })
  state: MailState;

  /** Grows with each claim; whoever writes the outcome names its own, so that a sender that was taken over changes nothing. */
  @Prop({ type: Number, required: true })
  claim: number;

  /** Until when it belongs to its sender; only while `sending`. */
  @Prop({ type: Date })
  leaseUntil?: Date;

  /** When to look whether it still has a live job; only until it has ended. */
  @Prop({ type: Date })
  checkAt?: Date;

  /** What the mail server, or we, said last. */
  @Prop({ type: String })
  error?: string;

  /** The request that caused it; it follows the mail through every log. */
  @Prop({ type: String })
  requestId?: string;

  @Prop({ type: Date, required: true })
  createdAt: Date;

  @Prop({ type: Date })
  endedAt?: Date;

  /** When MongoDB forgets it; only once it has ended. */
  @Prop({ type: Date })
  expiresAt?: Date;
}

export const MailSchema = SchemaFactory.createForClass(MailRecord)
  .index({ checkAt: 1 }, { sparse: true })
  .index({ userId: 1, createdAt: -1, _id: -1 }, { partialFilterExpression: { userId: { $exists: true } } })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  // For whoever looks after what failed.
  .index({ endedAt: -1 }, { partialFilterExpression: { state: 'failed' } });
