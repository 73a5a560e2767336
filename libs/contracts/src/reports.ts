import { IntersectionType } from '@nestjs/swagger';
import { tiers, type Tier } from './caller';
import { IsId, IsListOf, IsMail, IsMinorUnits, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY } from './limits';
import {
  Address,
  orderStatuses,
  paymentMethods,
  paymentStatuses,
  type OrderStatus,
  type PaymentMethod,
  type PaymentStatus,
} from './order';
import { PageQuery, TimeRange } from './reading';

/** Which orders, of all that there are. The time is that of placing. */
export class OrderFilter extends TimeRange {
  @IsOneOf(orderStatuses, { optional: true })
  status?: OrderStatus;

  @IsOneOf(tiers, { optional: true })
  tier?: Tier;

  @IsId({ optional: true })
  userId?: string;
}

export class AllOrdersQuery extends IntersectionType(PageQuery, OrderFilter) {
  @IsText(1, 40, { optional: true, description: 'In any spelling: upper or lower case, with or without dashes' })
  number?: string;
}

/** The most orders of one portion of an export. */
export const MAX_EXPORTED = 500;

export class ExportOrders extends OrderFilter {
  @IsText(1, 2_000, { optional: true })
  cursor?: string;

  @IsWhole(1, MAX_EXPORTED)
  limit: number;
}

export class ExportedOrder {
  @IsId()
  id: string;

  @IsText(1, 40)
  number: string;

  @IsTime()
  createdAt: string;

  @IsOneOf(orderStatuses)
  status: OrderStatus;

  @IsOneOf(tiers)
  tier: Tier;

  @IsId()
  userId: string;

  @IsMail()
  email: string;

  @IsText(0, 200)
  name: string;

  @IsWhole(1, MAX_LINES, { description: 'Lines' })
  items: number;

  @IsWhole(1, MAX_QUANTITY * MAX_LINES * MAX_LINES, { description: 'Units of all lines' })
  quantity: number;

  @IsMinorUnits()
  total: number;

  @IsText(3, 3)
  currency: string;

  @IsOneOf(paymentMethods)
  paymentMethod: PaymentMethod;

  @IsOneOf(paymentStatuses)
  paymentStatus: PaymentStatus;

  @IsPart(Address, { optional: true })
  shippingAddress?: Address;
}

export class ExportedOrders {
  @IsListOf(ExportedOrder, 0, MAX_EXPORTED)
  items: ExportedOrder[];

  @IsText(1, 2_000, { optional: true, description: 'There while more follows' })
  nextCursor?: string;
}

/** Which orders are counted. The time is that of placing, whatever became of them later and when. */
export class SalesQuery extends TimeRange {
  @IsOneOf(tiers, { optional: true })
  tier?: Tier;
}

const COUNT = [0, Number.MAX_SAFE_INTEGER] as const;

export class OrdersByStatus implements Record<OrderStatus, number> {
  @IsWhole(...COUNT)
  PENDING: number;

  @IsWhole(...COUNT)
  AWAITING_PAYMENT: number;

  @IsWhole(...COUNT)
  CONFIRMED: number;

  @IsWhole(...COUNT)
  SHIPPED: number;

  @IsWhole(...COUNT)
  DELIVERED: number;

  @IsWhole(...COUNT)
  FAILED: number;

  @IsWhole(...COUNT)
  CANCELLED: number;

  @IsWhole(...COUNT)
  REFUNDED: number;
}

export class SalesFigures {
  @IsMinorUnits({
    description: 'Totals of the orders that are CONFIRMED, SHIPPED or DELIVERED, less what was refunded',
  })
  revenue: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;

  @IsPart(OrdersByStatus)
  ordersByStatus: OrdersByStatus;

  @IsMinorUnits({ description: 'Revenue by the number of orders that it is from; 0 where there are none' })
  averageOrderValue: number;
}

export const intervals = ['hour', 'day'] as const;
export type Interval = (typeof intervals)[number];

export const MAX_POINTS = 1_000;

export class TimeseriesQuery extends SalesQuery {
  @IsOneOf(intervals, {
    optional: true,
    description: 'Of UTC; the default is hour. Without `from`: the last 24 hours, or 30 days',
  })
  interval?: Interval;
}

export class SalesPoint extends SalesFigures {
  @IsTime({
    description: 'When the interval begins; at the ends of the series only what lies in the series is counted',
  })
  at: string;
}

export class Timeseries {
  @IsOneOf(intervals)
  interval: Interval;

  @IsListOf(SalesPoint, 0, MAX_POINTS)
  points: SalesPoint[];
}

export const rankings = ['units', 'revenue'] as const;
export type Ranking = (typeof rankings)[number];

export class TopProductsQuery extends SalesQuery {
  @IsOneOf(rankings, { optional: true, description: 'What makes a product a top one; the default is units' })
  by?: Ranking;

  @IsWhole(1, 100, { optional: true, description: 'The default is 10' })
  limit?: number;
}

/** What was sold of a product, and has not come back with a refund of its line. */
export class SoldProduct {
  @IsId()
  productId: string;

  @IsText(1, 64, { description: 'As in the newest of its orders', example: 'TEA-0001' })
  sku: string;

  @IsText(1, 200, { description: 'As in the newest of its orders', example: 'Sencha, first flush, 100 g' })
  name: string;

  @IsWhole(...COUNT, { example: 3 })
  units: number;

  @IsMinorUnits()
  revenue: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;
}

export class TopProducts {
  @IsListOf(SoldProduct, 0, 100)
  items: SoldProduct[];
}
