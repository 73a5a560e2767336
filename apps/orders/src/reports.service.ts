import { Injectable } from '@nestjs/common';
import type {
  SalesFigures,
  SalesQuery,
  Timeseries,
  TimeseriesQuery,
  TopProducts,
  TopProductsQuery,
} from '@suite/contracts';
import { requireAdmin } from '@suite/platform';
import { FiguresService, type Sales } from './figures.service';
import { OrdersConfig } from './orders.config';
import { ProductFiguresService } from './product-figures.service';
import { EARNING } from './share';
import { rangeOf } from './time-range';
import { intervalsOf } from './timeseries';

/** What admins are told of the shop's sales. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly figures: FiguresService,
    private readonly products: ProductFiguresService,
    private readonly config: OrdersConfig,
  ) {}

  async summary({ tier, ...range }: SalesQuery): Promise<SalesFigures> {
    requireAdmin();
    const [sales] = await this.figures.sales([rangeOf(range)], tier);
    return this.view(sales);
  }

  /** @throws Problem VALIDATION_FAILED for more points than anybody looks at. */
  async timeseries({ tier, interval = 'hour', ...range }: TimeseriesQuery): Promise<Timeseries> {
    requireAdmin();
    const intervals = intervalsOf(interval, range, Date.now());
    const sales = intervals.length > 0 ? await this.figures.sales(intervals, tier) : [];
    const points = intervals.map(({ at }, i) => ({ at: new Date(at).toISOString(), ...this.view(sales[i]) }));
    return { interval, points };
  }

  async topProducts({ tier, by = 'units', limit = 10, ...range }: TopProductsQuery): Promise<TopProducts> {
    requireAdmin();
    const { CURRENCY: currency } = this.config;
    const best = await this.products.best(rangeOf(range), { tier, by, limit });
    const items = best.map(({ _id, called: { sku, name }, units, revenue }) => ({
      productId: String(_id),
      sku,
      name,
      units,
      revenue,
      currency,
    }));
    return { items };
  }

  private view({ orders, revenue }: Sales): SalesFigures {
    const earning = EARNING.reduce((sum, status) => sum + orders[status], 0);
    return {
      revenue,
      currency: this.config.CURRENCY,
      ordersByStatus: orders,
      averageOrderValue: earning === 0 ? 0 : Math.round(revenue / earning),
    };
  }
}
