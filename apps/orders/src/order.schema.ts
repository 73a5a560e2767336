import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type {
  Address,
  HistoryKind,
  OrderFailure,
  OrderStatus,
  PaymentFlow,
  PaymentMethod,
  PaymentStatus,
  Tier,
} from '@suite/contracts';
import { SchemaTypes, Types } from 'mongoose';
import type { KeyRecord, NoteRecord, RefundRecord, ShipmentRecord } from './order-details';

export interface ItemRecord {
  stockId: Types.ObjectId;
  productId: Types.ObjectId;
  sku: string;
  name: string;
  quantity: number;
  /** Minor units; binding from the moment the order is accepted. */
  price: number;
  shipped: number;
  refunded: number;
  /** The item of the cart that it was ordered from. */
  cartItem?: Types.ObjectId;
  /**
   * Units that went back on sale with a refund: `quantity - restocked` are sold while the order stands. Absent in orders
   * that are older than refunds.
   */
  restocked?: number;
}

export interface HistoryRecord {
  seq: number;
  kind: HistoryKind;
  status: OrderStatus;
  at: Date;
  by: string;
  reason?: string;
  /** Which write appended it: how a bulk write that matched fewer than it sent learns which of them took effect. */
  moveId: string;
}

/**
 * What is owed to the rest of the suite, written in one document with what caused it. A date says since when; it is
 * removed when the debt is paid. Each has a partial index, so that looking for debts costs nothing when there are none.
 */
export interface Outbox {
  /** The job is not known to be in the queue, nor the first entry of the history to be told. */
  enqueue?: Date;
  /** The last entries of the history are not known to be told, and counted by the reports. */
  tell?: Date;
  /** The order was given up: what it took has to be given back, and its dead letter written. */
  compensate?: Date;
  /** Stock is not known to have got back what was restocked. */
  restock?: Date;
  /** A refund is requested, and not known to be paid out. */
  refund?: Date;
  /** It is paid; what is held for it is not known to be sold. */
  commit?: Date;
}

@Schema({ collection: 'orders', versionKey: false })
export class OrderRecord {
  _id: Types.ObjectId;

  @Prop()
  number: string;

  @Prop({ type: SchemaTypes.ObjectId })
  userId: Types.ObjectId;

  @Prop({ type: String })
  tier: Tier;

  @Prop({ type: String })
  status: OrderStatus;

  @Prop({ type: [Object] })
  items: ItemRecord[];

  /** Minor units. */
  @Prop()
  total: number;

  @Prop()
  currency: string;

  /** As it was when the order was placed; nobody asks auth for it later. */
  @Prop({ type: Object })
  customer: { email: string; name: string };

  @Prop({ type: Object })
  shippingAddress?: Address;

  @Prop({ type: Object })
  payment: {
    method: PaymentMethod;
    flow: PaymentFlow;
    status: PaymentStatus;
    refunded: number;
    /** The provider's id of it. */
    reference?: string;
    /** Until when it can be paid. */
    expiresAt?: Date;
    /** How many declines and disputes stand in the history. */
    declines?: number;
    disputes?: number;
  };

  @Prop({ type: [Object], default: undefined })
  shipments?: ShipmentRecord[];

  @Prop({ type: [Object], default: undefined })
  refunds?: RefundRecord[];

  @Prop({ type: [Object], default: undefined })
  notes?: NoteRecord[];

  @Prop({ type: Object })
  failure?: OrderFailure;

  /** Why it was given up, for those who operate the shop. */
  @Prop({ type: Object })
  cause?: { error: string; attempts: number };

  @Prop({ type: [Object] })
  history: HistoryRecord[];

  /** `seq` of the last entry of the history. Every move filters on it: the optimistic lock of an order. */
  @Prop()
  seq: number;

  /**
   * `seq` of the last entry that subscribers were told of. Below zero, and never the same twice, when Redis was emptied:
   * all is to be told again, and whoever was just telling finds that out when it wants to note it.
   */
  @Prop()
  told: number;

  /** `seq` of the last entry that the reports have counted. */
  @Prop()
  counted?: number;

  /** Bumped first by whoever enqueues again, replays or rolls back: what belongs to an older epoch changes nothing. */
  @Prop()
  epoch: number;

  /** The fence: bumped by each worker that takes the order up; a worker whose claim is not the last changes nothing. */
  @Prop()
  claim: number;

  /** Names the claim, so that a bulk write that matched fewer than it sent learns whose claim took effect. */
  @Prop()
  claimId?: string;

  /** A worker holds the claim; one that gives it back in good order (a retry) clears it. */
  @Prop()
  claimed: boolean;

  /** How often a claim was taken over from a worker that did not give it back: that one died, or froze. */
  @Prop()
  crashes: number;

  /** How often it was sent on its way again from the dead letters. */
  @Prop()
  replays?: number;

  @Prop({ type: Object })
  idempotency?: { key: string; fingerprint: string };

  /** Of what admins have done to it. */
  @Prop({ type: [Object], default: undefined })
  keys?: KeyRecord[];

  @Prop({ type: Object })
  outbox: Outbox;

  /** When to look whether a waiting order still has a live job, or an unpaid one was paid. */
  @Prop()
  checkAt: Date;

  /** It had waited so long that it was moved before everybody else. */
  @Prop({ type: Date })
  promotedAt?: Date;

  /** The request that placed it; it follows the order through every log. */
  @Prop()
  requestId: string;

  /** The trace that it is part of, where traces are wanted: that of the same request. */
  @Prop()
  traceparent?: string;

  @Prop()
  createdAt: Date;

  @Prop()
  updatedAt: Date;
}

export const OrderSchema = SchemaFactory.createForClass(OrderRecord);

/** Names are used to tell which rule a duplicate key broke. */
export const IDEMPOTENCY_INDEX = 'idempotency_key_once';
export const NUMBER_INDEX = 'number_once';
export const CART_ITEM_INDEX = 'cart_item_once';
/** Of every list; see order-filter.ts. Each index is written with every order, so these two serve all lists and lanes. */
export const USER_INDEX = 'orders_of_one_user';
export const ALL_INDEX = 'orders_of_all';

OrderSchema.index({ userId: 1, status: 1, tier: 1, createdAt: -1, _id: -1 }, { name: USER_INDEX });
OrderSchema.index({ status: 1, tier: 1, createdAt: -1, _id: -1 }, { name: ALL_INDEX });
OrderSchema.index(
  { userId: 1, 'idempotency.key': 1 },
  {
    name: IDEMPOTENCY_INDEX,
    unique: true,
    partialFilterExpression: { 'idempotency.key': { $exists: true } },
  },
);
OrderSchema.index(
  { userId: 1, 'items.cartItem': 1 },
  {
    name: CART_ITEM_INDEX,
    unique: true,
    partialFilterExpression: { 'items.cartItem': { $exists: true } },
  },
);
OrderSchema.index({ number: 1 }, { name: NUMBER_INDEX, unique: true });
OrderSchema.index({ 'keys.id': 1 }, { sparse: true });
for (const debt of ['enqueue', 'tell', 'compensate', 'restock', 'refund', 'commit']) {
  const path = `outbox.${debt}`;
  OrderSchema.index({ [path]: 1 }, { partialFilterExpression: { [path]: { $exists: true } } });
}
OrderSchema.index({ checkAt: 1 }, { name: 'waiting', partialFilterExpression: { status: 'PENDING' } });
OrderSchema.index({ checkAt: 1 }, { name: 'unpaid', partialFilterExpression: { status: 'AWAITING_PAYMENT' } });
/** Facts of the last hour are told again when Redis was emptied. */
OrderSchema.index({ updatedAt: 1 });
