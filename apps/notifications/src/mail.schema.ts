import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import {
  mailKindNames,
  mailKinds,
  mailStates,
  TokenMail,
  type DeadLetterAction,
  type DeadLetterState,
  type DeadMailReason,
  type MailKind,
  type MailState,
} from '@suite/contracts';
import { SchemaTypes, type Types } from 'mongoose';

/** Somebody waits for them at a screen; and once they have ended, their token is gone. */
export const CARRY_TOKENS: readonly MailKind[] = mailKindNames.filter((kind) => mailKinds[kind].data === TokenMail);

export interface DeadLetterEntryRecord {
  action: DeadLetterAction;
  /** The admin. */
  by: string;
  at: Date;
  reason?: string;
  /** The idempotency key it was asked for with: the same request again gets the same answer. */
  key?: string;
}

/** That a mail was given up, and what admins made of it. One that is replayed in vain is open again. */
export interface DeadLetterPart {
  id: Types.ObjectId;
  reason: DeadMailReason;
  error: string;
  attempts: number;
  state: DeadLetterState;
  audit: DeadLetterEntryRecord[];
  at: Date;
}

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

  /** As the contract `mailKinds` says; its one-time token is removed when the mail has ended. */
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

  /** The trace that it is part of, where traces are wanted. */
  @Prop({ type: String })
  traceparent?: string;

  @Prop({ type: Date, required: true })
  createdAt: Date;

  @Prop({ type: Date })
  endedAt?: Date;

  /** When MongoDB forgets it; only once it has ended. */
  @Prop({ type: Date })
  expiresAt?: Date;

  @Prop({ type: Object })
  deadLetter?: DeadLetterPart;
}

export type DeadMailRecord = MailRecord & { deadLetter: DeadLetterPart };

const dead = { partialFilterExpression: { 'deadLetter.id': { $exists: true } } };

export const MailSchema = SchemaFactory.createForClass(MailRecord)
  .index({ checkAt: 1 }, { sparse: true })
  .index({ userId: 1, createdAt: -1, _id: -1 }, { partialFilterExpression: { userId: { $exists: true } } })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  .index({ 'deadLetter.id': 1 }, { ...dead, unique: true })
  // For whoever looks after what was given up.
  .index({ 'deadLetter.state': 1, 'deadLetter.at': -1, _id: -1 }, dead);
