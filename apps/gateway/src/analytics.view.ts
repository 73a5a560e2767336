import { OmitType } from '@nestjs/swagger';
import {
  IsListOf,
  IsPrice,
  IsWhole,
  MAX_POINTS,
  SalesFigures,
  SalesPoint,
  SoldProduct,
  Timeseries,
  type OrdersByStatus,
} from '@suite/contracts';
import { toDecimal } from './money';

class SalesView extends OmitType(SalesFigures, ['revenue', 'averageOrderValue']) {
  @IsPrice({ description: 'Totals of the orders that are CONFIRMED, SHIPPED or DELIVERED, less what was refunded' })
  revenue: number;

  @IsPrice({ description: 'Revenue by the number of orders that it is from; 0 where there are none' })
  averageOrderValue: number;
}

export class SummaryView extends SalesView {
  @IsWhole(0, Number.MAX_SAFE_INTEGER, { example: 3, description: 'Who registered in that time' })
  newUsers: number;
}

export class SalesPointView extends OmitType(SalesPoint, ['revenue', 'averageOrderValue']) {
  @IsPrice()
  revenue: number;

  @IsPrice()
  averageOrderValue: number;
}

export class TimeseriesView extends OmitType(Timeseries, ['points']) {
  @IsListOf(SalesPointView, 0, MAX_POINTS)
  points: SalesPointView[];
}

export class SoldProductView extends OmitType(SoldProduct, ['revenue']) {
  @IsPrice()
  revenue: number;
}

const salesView = ({ revenue, currency, ordersByStatus, averageOrderValue }: SalesFigures): SalesView => ({
  revenue: toDecimal(revenue),
  currency,
  ordersByStatus: statusesView(ordersByStatus),
  averageOrderValue: toDecimal(averageOrderValue),
});

export const summaryView = (sales: SalesFigures, newUsers: number): SummaryView => ({ ...salesView(sales), newUsers });

export const timeseriesView = ({ interval, points }: Timeseries): TimeseriesView => ({
  interval,
  points: points.map(({ at, ...sales }) => ({ at, ...salesView(sales) })),
});

export const soldProductView = ({ productId, sku, name, units, revenue, currency }: SoldProduct): SoldProductView => ({
  productId,
  sku,
  name,
  units,
  revenue: toDecimal(revenue),
  currency,
});

const statusesView = (counts: OrdersByStatus): OrdersByStatus => ({
  PENDING: counts.PENDING,
  AWAITING_PAYMENT: counts.AWAITING_PAYMENT,
  CONFIRMED: counts.CONFIRMED,
  SHIPPED: counts.SHIPPED,
  DELIVERED: counts.DELIVERED,
  FAILED: counts.FAILED,
  CANCELLED: counts.CANCELLED,
  REFUNDED: counts.REFUNDED,
});
