import { Controller, Get, Query } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { ApiTags } from '@nestjs/swagger';
import { auth, orders, PageQuery, SalesQuery, TimeseriesQuery, TopProductsQuery } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import {
  soldProductView,
  SoldProductView,
  summaryView,
  SummaryView,
  timeseriesView,
  TimeseriesView,
} from './analytics.view';
import { Described, type Description } from './described';
import { success, successPage, type Success } from './envelope';
import { OrderView, orderView } from './order.view';

export class RecentOrdersQuery extends PickType(PageQuery, ['limit']) {}

const problems: Description['problems'] = ['UNAUTHORIZED', 'FORBIDDEN'];

/** What a shop has come to. Time is that of placing: an order that is refunded later lowers the day it was placed on. */
@ApiTags('Analytics (admin)')
@Controller('admin/analytics')
@Roles('admin')
export class AnalyticsController {
  constructor(private readonly bus: Bus) {}

  @Get('summary')
  @Described({
    summary: 'Sum up the orders of a time',
    description:
      'Of the orders placed from `from` on and before `to` (of all, without them), as they stand now: what is cancelled ' +
      'or refunded later is taken from the time at which it was ordered.',
    data: SummaryView,
    problems,
  })
  async summary(@Query() query: SalesQuery): Promise<Success<SummaryView>> {
    const [sales, { users }] = await Promise.all([
      this.bus.ask(orders.summary, query),
      this.bus.ask(auth.countUsers, query),
    ]);
    return success(summaryView(sales, users));
  }

  @Get('timeseries')
  @Described({
    summary: 'Sum up the orders of each hour or day',
    description:
      'Hours and days of UTC, without a gap; at both ends only what lies between `from` and `to` is counted.',
    data: TimeseriesView,
    problems,
  })
  async timeseries(@Query() query: TimeseriesQuery): Promise<Success<TimeseriesView>> {
    return success(timeseriesView(await this.bus.ask(orders.timeseries, query)));
  }

  @Get('top-products')
  @Described({
    summary: 'Find what sells best',
    description: 'By units, or by revenue. Lines that were refunded do not count.',
    data: [SoldProductView],
    problems,
  })
  async topProducts(@Query() query: TopProductsQuery): Promise<Success<SoldProductView[]>> {
    const { items } = await this.bus.ask(orders.topProducts, query);
    return success(items.map(soldProductView));
  }

  @Get('recent-orders')
  @Described({ summary: 'Look at the newest orders', data: [OrderView], problems })
  async recentOrders(@Query() query: RecentOrdersQuery): Promise<Success<OrderView[]>> {
    return successPage(await this.bus.ask(orders.listAll, query), orderView);
  }
}
