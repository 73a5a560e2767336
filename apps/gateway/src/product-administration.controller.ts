import { Body, Controller, Delete, Headers, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { stock } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { versionOf } from './conditional';
import { Described } from './described';
import { success, type Success } from './envelope';
import { markReplay } from './idempotency';
import { toMinorUnits } from './money';
import { CreateProductBody, UpdateProductBody } from './product-bodies';
import { ImportedProductsView, ImportProductsBody, ImportRowBody, importView, judgeRow } from './product-import';
import { ProductView, productView } from './product.view';

const OF_DEMO = 'The example is about the newest product of the category `demo`: create one first.';

/** What admins do with the catalogue. */
@ApiTags('Catalogue (admin)')
@ApiExtraModels(ImportRowBody)
@Controller('products')
@Roles('admin')
export class ProductAdministrationController {
  constructor(private readonly bus: Bus) {}

  @Post()
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
        imageUrl: 'https://example.com/sencha.jpg',
        price: 12.5,
        initialStock: 100,
        lowStockThreshold: 10,
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

  @Post('import')
  @Described({
    summary: 'Create and change many products, by sku',
    description:
      'A row may say everything about a new product, or a part of one that is there; what it does not say stays as it ' +
      'is, and so does the stock of what is there. A row that fails leaves the others alone; the same rows again change ' +
      'nothing. Files of any size: `npm run import`.',
    data: ImportedProductsView,
    examples: {
      teas: {
        rows: [
          { sku: 'DEMO-{{unique}}-1', name: 'Assam, second flush', category: 'demo', price: 9, initialStock: 50 },
          { sku: 'DEMO-{{unique}}-2', name: 'Genmaicha', category: 'demo', price: 7.5 },
        ],
        dryRun: false,
      },
    },
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async import(@Body() { rows, dryRun = false }: ImportProductsBody): Promise<Success<ImportedProductsView>> {
    const judged = rows.map(judgeRow);
    const good = judged.flatMap((one) => ('row' in one ? [one.row] : []));
    const done = good.length > 0 ? await this.bus.ask(stock.importProducts, { rows: good, dryRun }) : { rows: [] };
    return success(importView(judged, done.rows, dryRun));
  }

  @Patch(':id')
  @Described({
    summary: 'Change a product',
    description: OF_DEMO,
    data: ProductView,
    params: { id: 'demoProductId' },
    examples: { 'a price': { price: 13.5 }, 'no picture': { imageUrl: '' } },
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
  @Described({
    summary: 'Archive a product',
    description: `It leaves the lists and cannot be ordered any more; orders keep what they say of it. ${OF_DEMO}`,
    status: 204,
    params: { id: 'demoProductId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'PRODUCT_NOT_FOUND'],
  })
  async archive(@Param('id') id: string): Promise<void> {
    await this.bus.ask(stock.archiveProduct, { id });
  }

  @Post(':id/restore')
  @Described({
    summary: 'Put an archived product back',
    description: 'Into the lists, and on sale. The example is about the newest archived one of the category `demo`.',
    data: ProductView,
    params: { id: 'archivedProductId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'PRODUCT_NOT_FOUND'],
  })
  async restore(@Param('id') id: string): Promise<Success<ProductView>> {
    return success(productView(await this.bus.ask(stock.restoreProduct, { id })));
  }
}
