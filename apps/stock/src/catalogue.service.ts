import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ProductPage, ProductQuery, ProductSort } from '@suite/contracts';
import { cursorAfter, following, sortOf, type ListOrder } from '@suite/platform';
import type { Model, PipelineStage, QueryFilter } from 'mongoose';
import { ProductRecord } from './product.schema';
import { productView } from './product.view';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

const orders: Record<ProductSort, ListOrder> = {
  price: { name: 'price', by: 'price', tie: '_id', direction: 1 },
  '-price': { name: '-price', by: 'price', tie: '_id', direction: -1 },
  name: { name: 'name', by: 'name', tie: '_id', direction: 1 },
  createdAt: { name: 'createdAt', by: 'createdAt', tie: '_id', direction: 1 },
  '-createdAt': { name: '-createdAt', by: 'createdAt', tie: '_id', direction: -1 },
};

const withStock: PipelineStage.FacetPipelineStage[] = [
  { $lookup: { from: 'stock', localField: 'stockId', foreignField: '_id', as: 'stock' } },
  { $unwind: '$stock' },
];
const available: PipelineStage.Match = { $match: { 'stock.available': { $gt: 0 } } };
const soldOut: PipelineStage.Match = { $match: { 'stock.available': 0 } };

/** The shop's shelves: what is not archived, filtered and sorted, with availability as it is this moment. */
@Injectable()
export class CatalogueService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    private readonly config: StockConfig,
  ) {}

  async list({ sort = '-createdAt', page = 1, limit = 20, cursor, ...query }: ProductQuery): Promise<ProductPage> {
    const order = orders[sort];
    const filter = filterOf(query);
    const [found, total] = await Promise.all([
      this.products.aggregate<ProductRecord & { stock: StockRecord }>([
        { $match: cursor ? { $and: [filter, following(order, cursor)] } : filter },
        { $sort: sortOf(order) },
        ...stockFilter(query),
        ...(cursor ? [] : [{ $skip: (page - 1) * limit }]),
        // One more than asked for tells whether anything follows.
        { $limit: limit + 1 },
        ...(query.inStock === undefined ? withStock : []),
      ]),
      this.count(filter, query),
    ]);
    const items = found.slice(0, limit);
    const nextCursor = found.length > limit ? cursorAfter(order, items[limit - 1]) : undefined;
    return {
      items: items.map((product) => productView(product, product.stock, this.config.CURRENCY)),
      meta: { total, page, limit, nextCursor },
    };
  }

  private async count(filter: QueryFilter<ProductRecord>, query: ProductQuery): Promise<number> {
    if (query.inStock === undefined) return this.products.countDocuments(filter);
    const pipeline: PipelineStage[] = [{ $match: filter }, ...stockFilter(query), { $count: 'total' }];
    const [counted] = await this.products.aggregate<{ total: number }>(pipeline);
    return counted?.total ?? 0;
  }
}

const stockFilter = ({ inStock }: ProductQuery): PipelineStage.FacetPipelineStage[] =>
  inStock === undefined ? [] : [...withStock, inStock ? available : soldOut];

function filterOf({ q, category, minPrice, maxPrice }: ProductQuery): QueryFilter<ProductRecord> {
  return {
    archived: false,
    ...(q !== undefined && { $text: { $search: allWordsOf(q) } }),
    ...(category !== undefined && { category }),
    ...((minPrice !== undefined || maxPrice !== undefined) && {
      price: { ...(minPrice !== undefined && { $gte: minPrice }), ...(maxPrice !== undefined && { $lte: maxPrice }) },
    }),
  };
}

/** Each word as a phrase of its own: all of them have to occur. Bare words would mean any of them, and `-word` not. */
const allWordsOf = (q: string): string =>
  q
    .split(/[\s"\\]+/)
    .filter((word) => word !== '')
    .map((word) => `"${word}"`)
    .join(' ');
