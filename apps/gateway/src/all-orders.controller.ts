import { Readable } from 'node:stream';
import { Controller, Get, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllOrdersQuery, OrderFilter, orders } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { Described } from './described';
import { successPage, type Success } from './envelope';
import { OrderExport } from './order-export';
import { OrderView, orderView } from './order.view';

export class OrderExportQuery extends OrderFilter {}

@ApiTags('Orders (admin)')
@Controller('admin/orders')
@Roles('admin')
export class AllOrdersController {
  private readonly log = new Logger(AllOrdersController.name);

  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'List everybody’s orders, newest first',
    description: '`from` and `to` are times of placing; what is placed at `to` is not in the list.',
    data: [OrderView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async list(@Query() query: AllOrdersQuery): Promise<Success<OrderView[]>> {
    return successPage(await this.bus.ask(orders.listAll, query), orderView);
  }

  @Get('export.csv')
  @Described({
    summary: 'Export orders as CSV',
    description:
      'All orders of the list, newest first, one row each: those that were placed before the export begins, each once, ' +
      'and as it stands when its row is written. An export that cannot be completed breaks off: the connection is ' +
      'closed without a last chunk.',
    file: 'text/csv',
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async export(
    @Query() query: OrderExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const text = await new OrderExport(this.bus, query, request.context, gone.signal).begin();
    const name = `orders-${new Date().toISOString().slice(0, 16).replace(':', '')}Z.csv`;
    reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('cache-control', 'no-store')
      // A proxy that gathers it would take all of it, though the client has left or reads slowly.
      .header('x-accel-buffering', 'no');
    if (request.method === 'HEAD') return void reply.send('');
    const body = Readable.from(text, { objectMode: false });
    body.once('error', (error: Error) => gone.signal.aborted || this.log.warn(`An export broke off: ${error.message}`));
    reply.send(body);
  }
}
