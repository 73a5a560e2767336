import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { stock, type ProductQuery } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Public, Roles } from './access';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { markReplay } from './idempotency';
import { toMinorUnits } from './money';
import { CatalogueQuery, CreateProductBody, UpdateProductBody } from './product-bodies';
import { etagOf, isFresh, ProductView, productView, versionOf } from './product.view';

@ApiTags('Catalogue')
@Controller('products')
export class ProductsController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Public()
  @Described({ summary: 'Look through the catalogue', data: [ProductView] })
  async list(@Query() query: CatalogueQuery): Promise<Success<ProductView[]>> {
    return successPage(await this.bus.ask(stock.products, catalogueQueryOf(query)), productView);
  }

  @Get(':id')
  @Public()
  @Described({
    summary: 'Look at a product',
    description: 'With `If-None-Match` the answer is 304 as long as neither the product nor its availability changed.',
    data: ProductView,
    params: { id: 'productId' },
    headers: { 'If-None-Match': 'The `ETag` of an earlier answer' },
    problems: ['PRODUCT_NOT_FOUND'],
  })
  async get(
    @Param('id') id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<ProductView> | undefined> {
    const product = await this.bus.ask(stock.product, { id });
    const etag = etagOf(product);
    reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (isFresh(ifNoneMatch, etag)) return void reply.code(304);
    return success(productView(product));
  }

  @Post()
  @Roles('admin')
  @Described({
    summary: 'Create a product, with its stock',
    status: 201,
    data: ProductView,
    examples: {
      tea: {
        sku: 'DEMO-{{unique}}',
        name: 'Sencha, first flush, 100 g',
        description: 'Steamed, deep green, sweet',
        category: 'demo',
        price: 12.5,
        initialStock: 100,
      },
    },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'SKU_TAKEN', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS'],
  })
  async create(
    @Body() body: CreateProductBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<ProductView>> {
    const product = await this.bus.ask(stock.createProduct, { ...body, price: toMinorUnits(body.price) });
    reply.header('location', `/products/${product.id}`);
    markReplay(reply, product.replayed);
    return success(productView(product));
  }

  @Patch(':id')
  @Roles('admin')
  @Described({
    summary: 'Change a product',
    description: 'The example changes the newest product of the category `demo`: create one first.',
    data: ProductView,
    params: { id: 'demoProductId' },
    examples: { 'a price': { price: 13.5 } },
    headers: { 'If-Match': 'The `version` in quotes: refuse if somebody else was faster' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'PRODUCT_NOT_FOUND', 'SKU_TAKEN', 'VERSION_CONFLICT'],
  })
  async update(
    @Param('id') id: string,
    @Body() { price, ...body }: UpdateProductBody,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Success<ProductView>> {
    const version = versionOf(ifMatch);
    const product = await this.bus.ask(stock.updateProduct, {
      ...body,
      id,
      ...(price !== undefined && { price: toMinorUnits(price) }),
      ...(version !== undefined && { version }),
    });
    return success(productView(product));
  }

  @Delete(':id')
  @Roles('admin')
  @Described({
    summary: 'Archive a product',
    description:
      'It leaves the lists and cannot be ordered any more; orders keep what they say of it. The example archives the ' +
      'newest product of the category `demo`: create one first.',
    status: 204,
    params: { id: 'demoProductId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'PRODUCT_NOT_FOUND'],
  })
  async archive(@Param('id') id: string): Promise<void> {
    await this.bus.ask(stock.archiveProduct, { id });
  }
}

/** Prices are minor units inside. */
export const catalogueQueryOf = ({ minPrice, maxPrice, ...query }: CatalogueQuery): ProductQuery => ({
  ...query,
  ...(minPrice !== undefined && { minPrice: toMinorUnits(minPrice) }),
  ...(maxPrice !== undefined && { maxPrice: toMinorUnits(maxPrice) }),
});
