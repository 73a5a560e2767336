import { OmitType, PickType } from '@nestjs/swagger';
import {
  IsListOf,
  IsOneOf,
  IsPart,
  IsPrice,
  MAX_LINES,
  Order,
  OrderItem,
  OrderNote,
  OrderPayment,
  OrderRefund,
  PaymentAccess,
  paymentStatuses,
  Shipment,
  type LineUnits,
  type PaymentStatus,
} from '@suite/contracts';
import { toDecimal } from './money';

export class OrderItemView extends OmitType(OrderItem, ['price', 'lineTotal']) {
  @IsPrice()
  price: number;

  @IsPrice()
  lineTotal: number;
}

export class OrderPaymentView extends OmitType(OrderPayment, ['refunded']) {
  @IsPrice({ example: 0 })
  refunded: number;
}

export class OrderRefundView extends OmitType(OrderRefund, ['amount']) {
  @IsPrice()
  amount: number;
}

export class OrderNoteView extends OrderNote {}

export class OrderView extends OmitType(Order, ['items', 'total', 'payment', 'refunds']) {
  @IsListOf(OrderItemView, 1, MAX_LINES)
  items: OrderItemView[];

  @IsPrice()
  total: number;

  @IsPart(OrderPaymentView)
  payment: OrderPaymentView;

  @IsListOf(OrderRefundView, 0, 10_000, { optional: true, description: 'For admins only' })
  refunds?: OrderRefundView[];
}

/** The answer to a new order; with what it takes to pay it, when that was there in time. */
export class PlacedOrderView extends PickType(PaymentAccess, ['clientSecret', 'paymentUrl']) {
  @IsPart(OrderView)
  order: OrderView;
}

/** What a customer can do about the payment of an order. */
export class OrderPaymentAccessView extends PaymentAccess {
  @IsOneOf(paymentStatuses)
  status: PaymentStatus;
}

export const orderView = (order: Order): OrderView => ({
  id: order.id,
  number: order.number,
  userId: order.userId,
  tier: order.tier,
  status: order.status,
  items: order.items.map((item) => ({
    stockId: item.stockId,
    productId: item.productId,
    sku: item.sku,
    name: item.name,
    quantity: item.quantity,
    price: toDecimal(item.price),
    lineTotal: toDecimal(item.lineTotal),
    shipped: item.shipped,
    refunded: item.refunded,
  })),
  total: toDecimal(order.total),
  currency: order.currency,
  ...(order.shippingAddress && { shippingAddress: addressView(order.shippingAddress) }),
  payment: {
    method: order.payment.method,
    status: order.payment.status,
    refunded: toDecimal(order.payment.refunded),
    ...(order.payment.reference !== undefined && { reference: order.payment.reference }),
  },
  shipments: order.shipments.map(shipmentView),
  ...(order.failure && { failure: { code: order.failure.code, message: order.failure.message } }),
  history: order.history.map(({ seq, kind, status, at, by, reason }) => ({
    seq,
    kind,
    status,
    at,
    by,
    ...(reason !== undefined && { reason }),
  })),
  ...(order.refunds && { refunds: order.refunds.map(refundView) }),
  ...(order.notes && { notes: order.notes.map(noteView) }),
  ...(order.queue && { queue: { lane: order.queue.lane, position: order.queue.position } }),
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
});

const addressView = ({ street, city, state, zipCode, country }: NonNullable<Order['shippingAddress']>) => ({
  street,
  city,
  state,
  zipCode,
  country,
});

const unitsView = ({ stockId, quantity }: LineUnits): LineUnits => ({ stockId, quantity });

const shipmentView = ({ carrier, trackingNumber, items, at }: Shipment): Shipment => ({
  ...(carrier !== undefined && { carrier }),
  ...(trackingNumber !== undefined && { trackingNumber }),
  items: items.map(unitsView),
  at,
});

const refundView = ({ id, state, amount, lines, restock, reason, by, at, error }: OrderRefund): OrderRefundView => ({
  id,
  state,
  amount: toDecimal(amount),
  lines: lines.map(unitsView),
  restock: restock.map(unitsView),
  ...(reason !== undefined && { reason }),
  by,
  at,
  ...(error !== undefined && { error }),
});

export const noteView = ({ id, text, by, at }: OrderNote): OrderNoteView => ({ id, text, by, at });
