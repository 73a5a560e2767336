import type { OrderRecord } from './order.schema';
import { paymentAfter } from './refund';
import { sum, unitsOf } from './units';

/**
 * The order as it was right after an entry of its history. Everything that changes says with which entry it came, so
 * that a repeated request is answered as the first time, and no answer has to be kept.
 */
export function orderAsOf(order: OrderRecord, seq: number): OrderRecord {
  const history = order.history.filter((entry) => entry.seq <= seq);
  const { status, at } = history.at(-1)!;
  const shipments = (order.shipments ?? []).filter((shipment) => shipment.seq <= seq);
  const refunds = (order.refunds ?? []).filter((refund) => refund.seq !== undefined && refund.seq <= seq);
  const items = order.items.map((item) => ({
    ...item,
    shipped: unitsOf(
      item,
      shipments.flatMap((shipment) => shipment.items),
    ),
    refunded: unitsOf(
      item,
      refunds.flatMap(({ lines }) => lines),
    ),
    restocked: unitsOf(
      item,
      refunds.flatMap(({ restock }) => restock),
    ),
  }));
  const payment = paymentAfter({ ...order, items }, sum(refunds.map(({ amount }) => amount)));
  return {
    ...order,
    status,
    items,
    shipments,
    refunds,
    payment: { ...order.payment, ...payment },
    failure: status === 'FAILED' ? order.failure : undefined,
    history,
    updatedAt: at,
  };
}
