import { Controller } from '@nestjs/common';
import {
  orders,
  type AllOrdersQuery,
  type ExportedOrders,
  type ExportOrders,
  type OrderPage,
  type SalesFigures,
  type SalesQuery,
  type Timeseries,
  type TimeseriesQuery,
  type TopProducts,
  type TopProductsQuery,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { AllOrdersService } from './all-orders.service';
import { ReportsService } from './reports.service';

/** What admins read of all orders together. */
@Controller()
export class ReportsController {
  constructor(
    private readonly all: AllOrdersService,
    private readonly reports: ReportsService,
  ) {}

  @Answers(orders.listAll)
  list(query: AllOrdersQuery): Promise<OrderPage> {
    return this.all.list(query);
  }

  @Answers(orders.exportPage)
  exportPage(body: ExportOrders): Promise<ExportedOrders> {
    return this.all.exportPage(body);
  }

  @Answers(orders.summary)
  summary(query: SalesQuery): Promise<SalesFigures> {
    return this.reports.summary(query);
  }

  @Answers(orders.timeseries)
  timeseries(query: TimeseriesQuery): Promise<Timeseries> {
    return this.reports.timeseries(query);
  }

  @Answers(orders.topProducts)
  topProducts(query: TopProductsQuery): Promise<TopProducts> {
    return this.reports.topProducts(query);
  }
}
