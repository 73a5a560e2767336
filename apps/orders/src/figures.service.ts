import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { orderStatuses, type OrderStatus, type Tier } from '@suite/contracts';
import { Snapshot } from '@suite/platform';
import type { Connection } from 'mongoose';
import { salesGrains } from './bucket-sums';
import { isIn, Reading } from './reading';
import type { SalesBucketRecord } from './sales-bucket.schema';
import type { Change } from './share';
import { cover, type Range } from './time-range';

/** What orders have come to. */
export interface Sales {
  orders: Record<OrderStatus, number>;
  /** Minor units. */
  revenue: number;
}

/** Sales, read from what was counted and not from the orders: it costs the same however many there are. */
@Injectable()
export class FiguresService {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Of the orders placed in each of some times, which follow each other without a gap; as they stand this moment. */
  async sales(ranges: Range[], tier?: Tier): Promise<Sales[]> {
    const reading = new Reading(await Snapshot.now(this.connection), tier);
    const wanted = ranges.map((range) => ({ range, ...cover(range, salesGrains) }));
    const sales = ranges.map((): Sales => ({ orders: noOrders(), revenue: 0 }));
    const add = (place: number, { orders, revenue }: Pick<Change, 'orders' | 'revenue'>) => {
      sales[place].revenue += revenue;
      for (const [status, count] of Object.entries(orders) as [OrderStatus, number][]) {
        sales[place].orders[status] += count;
      }
    };
    const addBuckets = async () => {
      for await (const bucket of reading.rows<SalesBucketRecord>('salesBuckets', [await reading.match(wanted)])) {
        add(
          wanted.findIndex(({ spans }) => spans.some((span) => isIn(span, bucket.at))),
          bucket,
        );
      }
    };
    const addMissing = async () => {
      for await (const [place, change] of reading.missing(wanted)) add(place, change);
    };
    const [waiting] = await Promise.all([reading.waiting(ranges), addBuckets(), addMissing()]);
    waiting.forEach((orders, place) => add(place, { orders: { PENDING: orders }, revenue: 0 }));
    return sales;
  }
}

const noOrders = () => Object.fromEntries(orderStatuses.map((status) => [status, 0])) as Record<OrderStatus, number>;
