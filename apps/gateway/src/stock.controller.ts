import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PageQuery, stock, type ProblemCode } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Public, Roles } from './access';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { markReplay } from './idempotency';
import { AdjustStockBody, CatalogueQuery, ReceiveStockBody } from './product-bodies';
import { MovementView, movementView, StockedProductView, stockedProductView } from './product.view';
import { catalogueQueryOf } from './products.controller';

const REFUSALS: ProblemCode[] = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'STOCK_NOT_FOUND',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'OUTCOME_UNKNOWN',
];

@ApiTags('Stock')
@Controller('stock')
export class StockController {
  constructor(private readonly bus: Bus) {}

  @Get('products-with-stock')
  @Public()
  @Described({
    summary: 'Look through the catalogue, with stock levels',
    description: '`archived=true` is for admins.',
    data: [StockedProductView],
    problems: ['FORBIDDEN'],
  })
  async list(@Query() query: CatalogueQuery): Promise<Success<StockedProductView[]>> {
    return successPage(await this.bus.ask(stock.products, catalogueQueryOf(query)), stockedProductView);
  }

  @Get('products-with-stock/:id')
  @Public()
  @Described({
    summary: 'Look at a product, with its stock level',
    data: StockedProductView,
    params: { id: 'productId' },
    problems: ['PRODUCT_NOT_FOUND'],
  })
  async get(@Param('id') id: string): Promise<Success<StockedProductView>> {
    return success(stockedProductView(await this.bus.ask(stock.product, { id })));
  }

  @Get('low')
  @Roles('admin')
  @Described({
    summary: 'List what is low, the scarcest first',
    description: 'At its `lowStockThreshold` or below, and not archived.',
    data: [StockedProductView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async low(@Query() query: PageQuery): Promise<Success<StockedProductView[]>> {
    return successPage(await this.bus.ask(stock.lowStock, query), stockedProductView);
  }

  @Post(':stockId/receipts')
  @Roles('admin')
  @Described({
    summary: 'Receive goods',
    status: 201,
    data: MovementView,
    examples: { delivery: { quantity: 25, reason: 'Delivery 4711' } },
    params: { stockId: 'stockId' },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: REFUSALS,
  })
  async receive(
    @Param('stockId') stockId: string,
    @Body() body: ReceiveStockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<MovementView>> {
    const receipt = await this.bus.ask(stock.receive, { ...body, stockId });
    markReplay(reply, receipt.replayed);
    return success(movementView(receipt));
  }

  @Post(':stockId/adjustments')
  @Roles('admin')
  @Described({
    summary: 'Correct a count',
    description: 'What comes in by delivery is better received: the ledger then calls it a receipt.',
    status: 201,
    data: MovementView,
    examples: { 'found again': { delta: 2, reason: 'Count of 4 May' } },
    params: { stockId: 'stockId' },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: [...REFUSALS, 'INSUFFICIENT_STOCK'],
  })
  async adjust(
    @Param('stockId') stockId: string,
    @Body() body: AdjustStockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<MovementView>> {
    const adjustment = await this.bus.ask(stock.adjust, { ...body, stockId });
    markReplay(reply, adjustment.replayed);
    return success(movementView(adjustment));
  }

  @Get(':stockId/movements')
  @Roles('admin')
  @Described({
    summary: 'Read the ledger of a stock',
    data: [MovementView],
    params: { stockId: 'stockId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'STOCK_NOT_FOUND'],
  })
  async movements(@Param('stockId') stockId: string, @Query() query: PageQuery): Promise<Success<MovementView[]>> {
    return successPage(await this.bus.ask(stock.movements, { ...query, stockId }), movementView);
  }
}
