import { tiers, type Tier } from './caller';
import { IsId, IsListOf, IsMinorUnits, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY } from './limits';
import { PricedProduct } from './offer';
import { OrderNote, OrderRefund, Shipment } from './order-details';

export const orderStatuses = [
  'PENDING',
  'AWAITING_PAYMENT',
  'CONFIRMED',
  'SHIPPED',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'REFUNDED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const paymentMethods = ['STRIPE', 'PAYPAL', 'CASH_ON_DELIVERY'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

export const paymentFlows = ['REGULAR', 'CHECKOUT'] as const;
export type PaymentFlow = (typeof paymentFlows)[number];

export const paymentStatuses = [
  'NONE',
  'PENDING',
  'PAID',
  'FAILED',
  'EXPIRED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const failureCodes = ['INSUFFICIENT_STOCK', 'PAYMENT_DECLINED', 'PAYMENT_EXPIRED', 'PROCESSING_FAILED'] as const;
export type FailureCode = (typeof failureCodes)[number];

export class Address {
  @IsText(1, 200, { example: '1 Main Street' })
  street: string;

  @IsText(1, 200, { example: 'Springfield' })
  city: string;

  @IsText(1, 200, { example: 'IL' })
  state: string;

  @IsText(1, 200, { example: '62701' })
  zipCode: string;

  @IsText(1, 200, { example: 'US' })
  country: string;
}

export class OrderItem extends PricedProduct {
  @IsWhole(1, MAX_QUANTITY * MAX_LINES, { example: 1 })
  quantity: number;

  @IsMinorUnits()
  lineTotal: number;

  @IsWhole(0, MAX_QUANTITY * MAX_LINES, { example: 0 })
  shipped: number;

  @IsWhole(0, MAX_QUANTITY * MAX_LINES, { example: 0 })
  refunded: number;
}

export class OrderPayment {
  @IsOneOf(paymentMethods)
  method: PaymentMethod;

  @IsOneOf(paymentStatuses)
  status: PaymentStatus;

  @IsMinorUnits({ example: 0 })
  refunded: number;

  @IsText(1, 200, { optional: true })
  reference?: string;
}

export class OrderFailure {
  @IsOneOf(failureCodes)
  code: FailureCode;

  @IsText(1, 500)
  message: string;
}

export const historyKinds = ['status', 'payment', 'shipment', 'refund'] as const;
export type HistoryKind = (typeof historyKinds)[number];

export class HistoryEntry {
  @IsWhole(1, 1_000_000, { description: 'Grows by one with each entry of an order', example: 1 })
  seq: number;

  @IsOneOf(historyKinds, { description: '`status` where the status moved; otherwise what happened without a move' })
  kind: HistoryKind;

  @IsOneOf(orderStatuses)
  status: OrderStatus;

  @IsTime()
  at: string;

  @IsText(1, 100, { description: 'A user id, or the part of the suite that did it', example: 'processor' })
  by: string;

  @IsText(1, 500, { optional: true })
  reason?: string;
}

/** Where a waiting order stands, roughly. */
export class QueuePlace {
  @IsOneOf(tiers)
  lane: Tier;

  @IsWhole(1, Number.MAX_SAFE_INTEGER)
  position: number;
}

export class Order {
  @IsId()
  id: string;

  @IsText(1, 40, { description: 'For people', example: 'A7K2-9QXM-41' })
  number: string;

  @IsId()
  userId: string;

  @IsOneOf(tiers)
  tier: Tier;

  @IsOneOf(orderStatuses)
  status: OrderStatus;

  @IsListOf(OrderItem, 1, MAX_LINES)
  items: OrderItem[];

  @IsMinorUnits()
  total: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;

  @IsPart(Address, { optional: true })
  shippingAddress?: Address;

  @IsPart(OrderPayment)
  payment: OrderPayment;

  @IsListOf(Shipment, 0, 10_000)
  shipments: Shipment[];

  @IsPart(OrderFailure, { optional: true })
  failure?: OrderFailure;

  @IsListOf(HistoryEntry, 1, 10_000)
  history: HistoryEntry[];

  @IsListOf(OrderRefund, 0, 10_000, { optional: true, description: 'For admins only' })
  refunds?: OrderRefund[];

  @IsListOf(OrderNote, 0, 10_000, { optional: true, description: 'For admins only' })
  notes?: OrderNote[];

  @IsPart(QueuePlace, { optional: true })
  queue?: QueuePlace;

  @IsTime()
  createdAt: string;

  @IsTime()
  updatedAt: string;
}
