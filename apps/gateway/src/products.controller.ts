import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { stock, type ProductQuery } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Public } from './access';
import { etagOf, unlessFresh } from './conditional';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { toMinorUnits } from './money';
import { CatalogueQuery } from './product-bodies';
import { CategoryView, categoryView, productTag, ProductView, productView } from './product.view';

const IF_NONE_MATCH = { 'If-None-Match': 'The `ETag` of an earlier answer: 304 while it would be the same' };

/** The shop window. */
@ApiTags('Catalogue')
@Controller('products')
@Public()
export class ProductsController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'Look through the catalogue',
    description: '`archived=true` is for admins.',
    data: [ProductView],
    headers: IF_NONE_MATCH,
    problems: ['FORBIDDEN'],
  })
  async list(
    @Query() query: CatalogueQuery,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<ProductView[]> | undefined> {
    const page = successPage(await this.bus.ask(stock.products, catalogueQueryOf(query)), productView);
    return unlessFresh(reply, ifNoneMatch, etagOf(page), page);
  }

  @Get('categories')
  @Described({
    summary: 'List the categories, with how many products are in each',
    description: 'The fullest first; what is archived does not count.',
    data: [CategoryView],
    headers: IF_NONE_MATCH,
  })
  async categories(
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<CategoryView[]> | undefined> {
    const { items } = await this.bus.ask(stock.categories, {});
    const list = success(items.map(categoryView));
    return unlessFresh(reply, ifNoneMatch, etagOf(list), list);
  }

  @Get(':id')
  @Described({
    summary: 'Look at a product',
    description: 'What is archived is there for admins only.',
    data: ProductView,
    params: { id: 'productId' },
    headers: IF_NONE_MATCH,
    problems: ['PRODUCT_NOT_FOUND'],
  })
  async get(
    @Param('id') id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<ProductView> | undefined> {
    const product = await this.bus.ask(stock.product, { id });
    return unlessFresh(reply, ifNoneMatch, productTag(product), success(productView(product)));
  }
}

/** Prices are minor units inside. */
export const catalogueQueryOf = ({ minPrice, maxPrice, ...query }: CatalogueQuery): ProductQuery => ({
  ...query,
  ...(minPrice !== undefined && { minPrice: toMinorUnits(minPrice) }),
  ...(maxPrice !== undefined && { maxPrice: toMinorUnits(maxPrice) }),
});
