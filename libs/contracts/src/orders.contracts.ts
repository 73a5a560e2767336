import { PickType } from '@nestjs/swagger';
import { tiers, type Tier } from './caller';
import { fact, job, message } from './contract';
import { IsFlag, IsId, IsListOf, IsMail, IsMinorUnits, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { ById, PageMeta, PageQuery } from './reading';
import { MAX_LINES, MAX_QUANTITY } from './stock.contracts';

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

export class OrderedLine {
  @IsId({ optional: true })
  stockId?: string;

  @IsId({ optional: true })
  productId?: string;

  @IsWhole(1, MAX_QUANTITY, { example: 1 })
  quantity: number;

  @IsMinorUnits({ optional: true, description: 'Guards against a change of price; prices come from the catalogue' })
  priceAtPurchase?: number;
}

export class PlaceOrder {
  @IsListOf(OrderedLine, 1, MAX_LINES)
  items: OrderedLine[];

  @IsPart(Address, { optional: true })
  shippingAddress?: Address;

  @IsOneOf(paymentMethods, { optional: true })
  paymentMethod?: PaymentMethod;

  @IsOneOf(paymentFlows, { optional: true })
  paymentFlow?: PaymentFlow;
}

export class OrderItem {
  @IsId()
  stockId: string;

  @IsId()
  productId: string;

  @IsText(1, 64, { example: 'TEA-0001' })
  sku: string;

  @IsText(1, 200, { example: 'Sencha, first flush, 100 g' })
  name: string;

  @IsWhole(1, MAX_QUANTITY * MAX_LINES, { example: 1 })
  quantity: number;

  @IsMinorUnits()
  price: number;

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

  @IsOneOf(historyKinds)
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

  @IsPart(OrderFailure, { optional: true })
  failure?: OrderFailure;

  @IsListOf(HistoryEntry, 1, 10_000)
  history: HistoryEntry[];

  @IsPart(QueuePlace, { optional: true })
  queue?: QueuePlace;

  @IsTime()
  createdAt: string;

  @IsTime()
  updatedAt: string;
}

export class PlacedOrder {
  @IsPart(Order)
  order: Order;

  @IsFlag({ description: 'Was it placed before, with the same idempotency key?' })
  replayed: boolean;
}

export class GetOrder extends ById {
  @IsWhole(0, 10_000, {
    optional: true,
    description: 'Hold the answer until the order has left PENDING, at most so many ms',
  })
  waitMs?: number;
}

export class OrderQuery extends PageQuery {
  @IsOneOf(orderStatuses, { optional: true })
  status?: OrderStatus;
}

export class OrderPage {
  @IsListOf(Order, 0, 100)
  items: Order[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

/** Something happened to an order: one entry of its history, with what a mail or a browser needs to tell it. */
export class OrderChanged extends PickType(Order, [
  'number',
  'userId',
  'tier',
  'items',
  'total',
  'currency',
  'failure',
]) {
  @IsId()
  orderId: string;

  @IsMail()
  email: string;

  @IsText(0, 200)
  name: string;

  @IsWhole(1, 1_000_000)
  seq: number;

  @IsOneOf(historyKinds)
  kind: HistoryKind;

  @IsOneOf(orderStatuses)
  status: OrderStatus;

  @IsOneOf(orderStatuses, { optional: true, description: 'Absent when the order was placed' })
  previousStatus?: OrderStatus;

  @IsTime()
  at: string;
}

export class ProcessOrder {
  @IsId()
  orderId: string;

  @IsId({ description: 'The sharding key of orders, hence in every filter' })
  userId: string;

  @IsWhole(0, 1_000_000)
  epoch: number;
}

export const orders = {
  /**
   * Safe to repeat with an idempotency key. Refuses with STOCK_NOT_FOUND and INSUFFICIENT_STOCK (as `stock.quote`),
   * PRICE_CHANGED (with `stockId` and `currentPrice` in minor units), PAYMENT_METHOD_UNAVAILABLE, IDEMPOTENCY_KEY_REUSED.
   */
  place: message('orders.place', PlaceOrder, PlacedOrder),
  /** One's own, while it is PENDING, AWAITING_PAYMENT or CONFIRMED; otherwise INVALID_TRANSITION. */
  cancel: message('orders.cancel', ById, Order),
  get: message('orders.get', GetOrder, Order, { timeoutMs: 12_000, idempotent: true }),
  list: message('orders.list', OrderQuery, OrderPage, { idempotent: true }),

  changed: fact('orders.changed', OrderChanged, ({ orderId, seq }) => `${orderId}.${seq}`),

  /** Attempts enough to outlast two minutes without MongoDB, pauses short enough to go on within seconds after. */
  process: job('orders', 'process', ProcessOrder, {
    key: ({ orderId, epoch }) => `order-${orderId}-${epoch}`,
    attempts: 40,
    backoffMs: 250,
    maxBackoffMs: 4_000,
  }),
};

/** Read-only in Bull Board: what lies in the dead letters, one job each. */
export const DEAD_LETTER_QUEUE = 'orders-dlq';
