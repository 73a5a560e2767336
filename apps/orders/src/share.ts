import type { OrderStatus, Tier } from '@suite/contracts';
import type { Types } from 'mongoose';
import type { OrderRecord } from './order.schema';

/** What the figures need of an order that never changes. */
export type Countable = Pick<OrderRecord, '_id' | 'createdAt' | 'tier' | 'total' | 'items'>;

/** All that can change of an order and changes the figures. Whatever changes it appends to the history. */
export interface CountedState {
  status: OrderStatus;
  /** Minor units. */
  refunded: number;
  /** Of each item, in the order of the items. */
  refundedUnits: number[];
}

/** By how much one order changes the figures of the moment at which it was placed. */
export interface Change {
  orderId: Types.ObjectId;
  /** When the order was placed: whatever becomes of it later belongs to that moment. */
  at: Date;
  tier: Tier;
  orders: Partial<Record<OrderStatus, number>>;
  /** Minor units. */
  revenue: number;
  products: ProductChange[];
}

export interface ProductChange {
  productId: Types.ObjectId;
  sku: string;
  name: string;
  units: number;
  /** Minor units. */
  revenue: number;
}

/** Orders that bring money in. Of one that is `REFUNDED`, all of it has gone back. */
export const EARNING: readonly OrderStatus[] = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];

export const stateOf = ({ status, payment, items }: OrderRecord): CountedState => ({
  status,
  refunded: payment.refunded,
  refundedUnits: items.map(({ refunded }) => refunded),
});

/**
 * What changes when an order that was counted in one state is counted in another; undefined: it is not counted. An order
 * that waits to be processed is not in the buckets: there are few of them, and they are counted where they wait.
 */
export function changeOf(order: Countable, before: CountedState | undefined, after: CountedState | undefined): Change {
  const [was, is] = [shareOf(order, before), shareOf(order, after)];
  const orders: Change['orders'] = {};
  if (was.status !== is.status) {
    if (was.status) orders[was.status] = -1;
    if (is.status) orders[is.status] = 1;
  }
  return {
    orderId: order._id,
    at: order.createdAt,
    tier: order.tier,
    orders,
    revenue: is.revenue - was.revenue,
    products: order.items.flatMap(({ productId, sku, name, price }, i): ProductChange[] => {
      const units = is.units[i] - was.units[i];
      return units === 0 ? [] : [{ productId, sku, name, units, revenue: units * price }];
    }),
  };
}

interface Share {
  status?: OrderStatus;
  revenue: number;
  units: number[];
}

function shareOf({ total, items }: Countable, state: CountedState | undefined): Share {
  const nothing = items.map(() => 0);
  if (!state || state.status === 'PENDING') return { revenue: 0, units: nothing };
  const { status, refunded, refundedUnits } = state;
  if (!EARNING.includes(status)) return { status, revenue: 0, units: nothing };
  return { status, revenue: total - refunded, units: items.map(({ quantity }, i) => quantity - refundedUnits[i]) };
}

/** What is read of an order to count it. */
export const countedFields = {
  createdAt: 1,
  tier: 1,
  status: 1,
  total: 1,
  seq: 1,
  counted: 1,
  'outbox.tell': 1,
  'payment.refunded': 1,
  'items.productId': 1,
  'items.sku': 1,
  'items.name': 1,
  'items.price': 1,
  'items.quantity': 1,
  'items.refunded': 1,
} as const;
