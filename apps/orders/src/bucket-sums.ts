import type { OrderStatus, Tier } from '@suite/contracts';
import type { mongo, Types } from 'mongoose';
import type { ProductBucketRecord } from './product-bucket.schema';
import type { SalesBucketRecord } from './sales-bucket.schema';
import type { Change } from './share';
import { beginOf, type Grain } from './time-range';

/** The finest first. Products have no minutes: in a minute most are sold once, and every bucket would be one order. */
export const salesGrains: readonly Grain[] = ['minute', 'hour', 'day'];
export const productGrains: readonly Grain[] = ['hour', 'day'];

interface Place {
  grain: Grain;
  tier: Tier;
  at: Date;
}

interface SalesSum extends Place {
  orders: Partial<Record<OrderStatus, number>>;
  revenue: number;
}

interface ProductSum extends Place {
  productId: Types.ObjectId;
  sku: string;
  name: string;
  units: number;
  revenue: number;
}

/** What many changes come to, bucket by bucket: a bucket is written once, however many orders went into it. */
export class BucketSums {
  private readonly sales = new Map<string, SalesSum>();
  private readonly products = new Map<string, ProductSum>();

  constructor(changes: Iterable<Change>) {
    for (const change of changes) if (!isEmpty(change)) this.add(change);
  }

  salesUpdates(generation: number): mongo.AnyBulkWriteOperation<SalesBucketRecord>[] {
    return [...this.sales.values()].map(({ grain, tier, at, orders, revenue }) => {
      const counts = Object.fromEntries(Object.entries(orders).map(([status, count]) => [`orders.${status}`, count]));
      return {
        updateOne: {
          filter: { generation, grain, tier, at },
          update: { $inc: { ...counts, revenue } },
          upsert: true,
        },
      };
    });
  }

  productUpdates(generation: number): mongo.AnyBulkWriteOperation<ProductBucketRecord>[] {
    return [...this.products.values()].map(({ grain, tier, at, productId, sku, name, units, revenue }) => ({
      updateOne: {
        filter: { generation, grain, tier, at, productId },
        update: { $inc: { units, revenue }, $set: { sku, name } },
        upsert: true,
      },
    }));
  }

  private add({ at, tier, orders, revenue, products }: Change): void {
    for (const grain of salesGrains) {
      const sum = this.salesSum({ grain, tier, at: new Date(beginOf(grain, at.getTime())) });
      sum.revenue += revenue;
      for (const [status, count] of Object.entries(orders) as [OrderStatus, number][]) {
        sum.orders[status] = (sum.orders[status] ?? 0) + count;
      }
    }
    for (const grain of productGrains) {
      const begin = new Date(beginOf(grain, at.getTime()));
      for (const { productId, sku, name, units, revenue } of products) {
        const sum = this.productSum({ grain, tier, at: begin, productId, sku, name, units: 0, revenue: 0 });
        sum.units += units;
        sum.revenue += revenue;
      }
    }
  }

  private salesSum(place: Place): SalesSum {
    return found(this.sales, keyOf(place), () => ({ ...place, orders: {}, revenue: 0 }));
  }

  private productSum(empty: ProductSum): ProductSum {
    return found(this.products, `${keyOf(empty)} ${String(empty.productId)}`, () => empty);
  }
}

/** As when an order waits to be processed: no bucket is made for it. */
const isEmpty = ({ orders, revenue, products }: Change): boolean =>
  revenue === 0 && products.length === 0 && Object.keys(orders).length === 0;

const keyOf = ({ grain, tier, at }: Place): string => `${grain} ${tier} ${at.getTime()}`;

function found<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
