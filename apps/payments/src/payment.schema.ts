import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { OnlineMethod, PaidLine, PaymentFlow, PaymentState, RefundState } from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';

/** Money that came in. The id is the provider's, so that whoever tells of it, it is the same one. */
export interface CaptureRecord {
  id: string;
  /** Minor units. */
  amount: number;
  currency: string;
  at: Date;
}

export interface DeclineRecord {
  id: string;
  reason: string;
  at: Date;
}

export interface DisputeRecord extends DeclineRecord {
  amount: number;
}

/** Money that goes back. Its key is the provider's idempotency key too, and stands here before the provider is called. */
export interface RefundRecord {
  key: string;
  amount: number;
  captureId: string;
  state: RefundState;
  /** The provider was called, so that it may be done although nobody knows: look before it is done again. */
  attempted: boolean;
  reason?: string;
  /** The provider's id. */
  reference?: string;
  at: Date;
}

/**
 * The payment of one order: what is wanted, and what is known. What is known only grows, and where the payment stands is
 * worked out of it (`payment.states.ts`); so news may come twice, late and in any order.
 */
@Schema({ collection: 'payments', versionKey: false, minimize: false })
export class PaymentRecord {
  /** The order's id: an order has one payment. */
  _id: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  /** The order's epoch. What was given back at an epoch can be opened again only in a later one. */
  @Prop()
  epoch: number;

  /** Grows when it is opened again after it was given back. Part of every key that the provider sees. */
  @Prop()
  generation: number;

  /** The order's, as customers know it. */
  @Prop()
  number: string;

  @Prop({ type: String })
  method: OnlineMethod;

  @Prop({ type: String })
  flow: PaymentFlow;

  /** Minor units. */
  @Prop()
  amount: number;

  @Prop()
  currency: string;

  @Prop({ type: [Object] })
  lines: PaidLine[];

  @Prop()
  expiresAt: Date;

  /** The provider was asked to open it; without a `reference` the outcome is not known. */
  @Prop()
  opening: boolean;

  /** The provider's id of the intent, the checkout session or the order. */
  @Prop()
  reference?: string;

  @Prop()
  clientSecret?: string;

  @Prop()
  paymentUrl?: string;

  /** The provider will not open it, and why. */
  @Prop()
  rejected?: string;

  /** The customer has agreed, and the money is to be fetched (PayPal). */
  @Prop()
  approved: boolean;

  /** The provider was asked for the money; the outcome may not be known. */
  @Prop()
  capturing: boolean;

  @Prop({ type: [Object] })
  captures: CaptureRecord[];

  @Prop({ type: [Object] })
  declines: DeclineRecord[];

  /** The provider refused it for good, and why. */
  @Prop()
  refused?: string;

  /** It must not be possible to pay any more, unless it is paid already. */
  @Prop()
  voidWanted: boolean;

  /** The provider takes nothing for it any more. */
  @Prop()
  voided: boolean;

  /** Its customer was erased: nothing is kept of what the provider writes of them. */
  @Prop()
  erased?: boolean;

  /** The order does not stand: whatever came or comes in goes back. */
  @Prop()
  unwanted: boolean;

  @Prop({ type: [Object] })
  refunds: RefundRecord[];

  @Prop({ type: [Object] })
  disputes: DisputeRecord[];

  /** Something happened of which only the provider knows the details: look it up. */
  @Prop()
  lookWanted: boolean;

  /** Worked out of the above; stored for those who search. */
  @Prop({ type: String })
  state: PaymentState;

  /** Grows with each write; whoever writes names the one it has read. */
  @Prop()
  version: number;

  /** Grows with each change that others can see. */
  @Prop()
  seq: number;

  /** Up to which `seq` it was told. */
  @Prop()
  told: number;

  /** When somebody has to do something about it, or look it up; absent when there is nothing to do. */
  @Prop({ type: Date })
  dueAt?: Date;

  @Prop()
  requestId: string;

  /** The trace that it is part of, where traces are wanted. */
  @Prop()
  traceparent?: string;

  @Prop()
  createdAt: Date;

  @Prop()
  updatedAt: Date;
}

export const PaymentSchema = SchemaFactory.createForClass(PaymentRecord)
  .index({ dueAt: 1 }, { sparse: true })
  .index({ reference: 1 }, { sparse: true })
  .index({ userId: 1 })
  .index({ 'captures.id': 1 }, { sparse: true })
  .index({ updatedAt: 1 });
