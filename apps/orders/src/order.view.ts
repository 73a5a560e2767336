import type { HistoryEntry, Order, OrderChanged, OrderItem, ProcessOrder } from '@suite/contracts';
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
    failure: order.failure,
    history: order.history.map(historyView),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** The order as it was when it was accepted: the answer that a repeated request gets again, word for word. */
export function orderAsPlaced(order: OrderRecord): Order {
  return orderView({
    ...order,
    status: 'PENDING',
    items: order.items.map((item) => ({ ...item, shipped: 0, refunded: 0 })),
    payment: { ...order.payment, status: 'NONE', refunded: 0, reference: undefined },
    failure: undefined,
    history: order.history.slice(0, 1),
    updatedAt: order.createdAt,
  });
}

/** The order as the job that processes it, in its epoch of now. */
export const orderJob = ({ _id, userId, epoch }: OrderRecord): ProcessOrder => ({
  orderId: String(_id),
  userId: String(userId),
  epoch,
});

/** One entry of the history as the fact that subscribers hear. */
export function orderFact(order: OrderRecord, entry: HistoryRecord): OrderChanged {
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
