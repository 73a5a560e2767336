import type { Db } from 'mongodb';
import type { Types } from 'mongoose';
import { orderStatuses, type OrderStatus, type SalesFigures, type SoldProduct, type Tier } from '@suite/contracts';

interface OrderDocument {
  createdAt: Date;
  tier: Tier;
  status: OrderStatus;
  total: number;
  payment: { refunded: number };
  items: { productId: Types.ObjectId; price: number; quantity: number; refunded: number }[];
}

export interface Placed {
  from?: string;
  to?: string;
  tier?: Tier;
}

const EARNING = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];

/** What the orders in the database come to, counted one by one, past everything that the service has counted. */
export async function recount(db: Db, { from, to, tier }: Placed = {}) {
  const orders = await db
    .collection<OrderDocument>('orders')
    .find({
      createdAt: { $gte: new Date(from ?? -8.64e15), $lt: new Date(to ?? 8.64e15) },
      ...(tier && { tier }),
    })
    .toArray();
  const earning = orders.filter(({ status }) => EARNING.includes(status));
  const revenue = earning.reduce((sum, { total, payment }) => sum + total - payment.refunded, 0);
  const sales: SalesFigures = {
    revenue,
    currency: 'USD',
    ordersByStatus: Object.fromEntries(
      orderStatuses.map((status) => [status, orders.filter((order) => order.status === status).length]),
    ) as Record<OrderStatus, number>,
    averageOrderValue: earning.length === 0 ? 0 : Math.round(revenue / earning.length),
  };
  return { sales, products: productsOf(earning) };
}

/** By units, then revenue, then id: the order in which the service shows them. */
function productsOf(orders: OrderDocument[]): Pick<SoldProduct, 'productId' | 'units' | 'revenue'>[] {
  const sums = new Map<string, { productId: string; units: number; revenue: number }>();
  for (const { productId, price, quantity, refunded } of orders.flatMap(({ items }) => items)) {
    const sum = sums.get(String(productId)) ?? { productId: String(productId), units: 0, revenue: 0 };
    sum.units += quantity - refunded;
    sum.revenue += (quantity - refunded) * price;
    sums.set(sum.productId, sum);
  }
  return [...sums.values()]
    .filter(({ units }) => units > 0)
    .sort((a, b) => b.units - a.units || b.revenue - a.revenue || (a.productId < b.productId ? -1 : 1));
}
