import type {
  HistoryEntry,
  LineUnits,
  Order,
  OrderChanged,
  OrderItem,
  OrderNote,
  OrderRefund,
  ProcessOrder,
  Shipment,
} from '@suite/contracts';
import { orderAsOf } from './order-as-of';
import type { NoteRecord, RefundRecord, ShipmentRecord, UnitsRecord } from './order-details';
import type { HistoryRecord, ItemRecord, OrderRecord } from './order.schema';

/** What leaves the service: a whitelist, field by field. */
export function orderView(order: OrderRecord): Order {
  return {
    id: String(order._id),
    number: order.number,
    userId: String(order.userId),
    tier: order.tier,
    status: order.status,
    items: order.items.map(itemView),
    total: order.total,
    currency: order.currency,
    shippingAddress: order.shippingAddress,
    payment: {
      method: order.payment.method,
      status: order.payment.status,
      refunded: order.payment.refunded,
      reference: order.payment.reference,
    },
    shipments: (order.shipments ?? []).map(shipmentView),
    failure: order.failure,
    history: order.history.map(historyView),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** What admins see besides. */
export const orderViewForAdmins = (order: OrderRecord): Order => ({
  ...orderView(order),
  refunds: (order.refunds ?? []).map(refundView),
  notes: (order.notes ?? []).map(noteView),
});

/** The order as it was when it was accepted: the answer that a repeated request gets again, word for word. */
export function orderAsPlaced(order: OrderRecord): Order {
  const placed = orderAsOf(order, 1);
  return orderView({ ...placed, payment: { ...placed.payment, status: 'NONE', reference: undefined } });
}

/** The order as the job that processes it, in its epoch of now. */
export const orderJob = ({ _id, userId, epoch }: OrderRecord): ProcessOrder => ({
  orderId: String(_id),
  userId: String(userId),
  epoch,
});

/** One entry of the history as the fact that subscribers hear: the order as it was then, whenever it is told. */
export function orderFact(now: OrderRecord, entry: HistoryRecord): OrderChanged {
  const order = entry.seq === now.seq ? now : orderAsOf(now, entry.seq);
  const shipment = order.shipments?.find(({ seq }) => seq === entry.seq);
  const refund = order.refunds?.find(({ seq }) => seq === entry.seq);
  return {
    orderId: String(order._id),
    number: order.number,
    userId: String(order.userId),
    tier: order.tier,
    email: order.customer.email,
    name: order.customer.name,
    items: order.items.map(itemView),
    total: order.total,
    currency: order.currency,
    failure: entry.status === 'FAILED' ? order.failure : undefined,
    seq: entry.seq,
    kind: entry.kind,
    status: entry.status,
    previousStatus: order.history.find(({ seq }) => seq === entry.seq - 1)?.status,
    at: entry.at.toISOString(),
    reason: entry.reason,
    ...(shipment && { shipment: parcelView(shipment) }),
    ...(refund && { refund: { amount: refund.amount, lines: refund.lines.map(unitsView) } }),
  };
}

const itemView = (item: ItemRecord): OrderItem => ({
  stockId: String(item.stockId),
  productId: String(item.productId),
  sku: item.sku,
  name: item.name,
  quantity: item.quantity,
  price: item.price,
  lineTotal: item.price * item.quantity,
  shipped: item.shipped,
  refunded: item.refunded,
});

const historyView = (entry: HistoryRecord): HistoryEntry => ({
  seq: entry.seq,
  kind: entry.kind,
  status: entry.status,
  at: entry.at.toISOString(),
  by: entry.by,
  reason: entry.reason,
});

const unitsView = ({ stockId, quantity }: UnitsRecord): LineUnits => ({ stockId: String(stockId), quantity });

const parcelView = ({ carrier, trackingNumber, items }: ShipmentRecord) => ({
  carrier,
  trackingNumber,
  items: items.map(unitsView),
});

const shipmentView = (shipment: ShipmentRecord): Shipment => ({
  ...parcelView(shipment),
  at: shipment.at.toISOString(),
});

const refundView = (refund: RefundRecord): OrderRefund => ({
  id: refund.id,
  state: refund.state,
  amount: refund.amount,
  lines: refund.lines.map(unitsView),
  restock: refund.restock.map(unitsView),
  reason: refund.reason,
  by: refund.by,
  at: refund.at.toISOString(),
  error: refund.error,
});

export const noteView = ({ id, text, by, at }: NoteRecord): OrderNote => ({ id, text, by, at: at.toISOString() });
