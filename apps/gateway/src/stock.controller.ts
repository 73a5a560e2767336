import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PageQuery, stock } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Public, Roles } from './access';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { markReplay } from './idempotency';
import { AdjustStockBody, CatalogueQuery } from './product-bodies';
import { MovementView, movementView, StockedProductView, stockedProductView } from './product.view';
import { catalogueQueryOf } from './products.controller';

@ApiTags('Stock')
@Controller('stock')
export class StockController {
  constructor(private readonly bus: Bus) {}

  @Get('products-with-stock')
  @Public()
  @Described({ summary: 'Look through the catalogue, with stock levels', data: [StockedProductView] })
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

  @Post(':stockId/adjustments')
  @Roles('admin')
  @Described({
    summary: 'Receive goods, or correct a count',
    status: 201,
    data: MovementView,
    examples: { delivery: { delta: 25, reason: 'Delivery 4711' } },
    params: { stockId: 'stockId' },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: [
      'UNAUTHORIZED',
      'FORBIDDEN',
      'STOCK_NOT_FOUND',
      'INSUFFICIENT_STOCK',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_IN_PROGRESS',
      'OUTCOME_UNKNOWN',
    ],
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
