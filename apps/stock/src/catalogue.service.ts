import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Category, CategoryList, PageMeta, ProductPage, ProductQuery, ProductSort } from '@suite/contracts';
import { following, pageOf, ReadCache, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import type { Model, PipelineStage, QueryFilter } from 'mongoose';
import { AvailabilityService } from './availability.service';
import { CATALOGUE, type ProductData } from './product-data';
import { ProductRecord } from './product.schema';
import type { StockRecord } from './stock.schema';

const orders: Record<ProductSort, ListOrder> = {
  price: { name: 'price', by: 'price', tie: '_id', direction: 1 },
  '-price': { name: '-price', by: 'price', tie: '_id', direction: -1 },
  name: { name: 'name', by: 'name', tie: '_id', direction: 1 },
  createdAt: { name: 'createdAt', by: 'createdAt', tie: '_id', direction: 1 },
  '-createdAt': { name: '-createdAt', by: 'createdAt', tie: '_id', direction: -1 },
};

const MAX_CATEGORIES = 1_000;
/** Pages that many look at. Deeper ones, and what people type in, would fill Redis with what nobody asks for again. */
const SHOP_WINDOW: (keyof ProductQuery)[] = ['category', 'sort', 'page', 'limit'];
const SHOP_WINDOW_PAGES = 5;

const withStock: PipelineStage.FacetPipelineStage[] = [
  { $lookup: { from: 'stock', localField: 'stockId', foreignField: '_id', as: 'stock' } },
  { $unwind: '$stock' },
];
const available: PipelineStage.Match = { $match: { 'stock.available': { $gt: 0 } } };
const soldOut: PipelineStage.Match = { $match: { 'stock.available': 0 } };

interface DataPage {
  items: ProductData[];
  meta: PageMeta;
}

/** The shop's shelves: what is not archived, filtered and sorted, with availability as it is this moment. */
@Injectable()
export class CatalogueService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    private readonly availability: AvailabilityService,
    private readonly cache: ReadCache,
  ) {}

  /** @throws Problem VALIDATION_FAILED; UNAUTHORIZED, FORBIDDEN for what is archived, unless an admin asks. */
  async list(query: ProductQuery): Promise<ProductPage> {
    if (query.archived) requireAdmin();
    if (query.inStock !== undefined) return this.listByStock(query);
    const { items, meta } = await this.page(query);
    return { items: await this.availability.join(items), meta };
  }

  categories(): Promise<CategoryList> {
    return this.cache.read(CATALOGUE, 'categories', async () => ({
      items: await this.products.aggregate<Category>([
        { $match: { archived: false } },
        { $group: { _id: '$category', products: { $sum: 1 } } },
        { $sort: { products: -1, _id: 1 } },
        { $limit: MAX_CATEGORIES },
        { $project: { _id: 0, name: '$_id', products: 1 } },
      ]),
    }));
  }

  private page(query: ProductQuery): Promise<DataPage> {
    const read = async (): Promise<DataPage> => {
      const { found, ...rest } = await this.find(query);
      return { items: found.map((product) => this.availability.dataOf(product)), ...rest };
    };
    return isShopWindow(query) ? this.cache.read(CATALOGUE, `page:${keyOf(query)}`, read) : read();
  }

  /** Which products are on it depends on their stock, so that no page of it can be kept. */
  private async listByStock(query: ProductQuery): Promise<ProductPage> {
    const { found, meta } = await this.find<ProductRecord & { stock: StockRecord }>(query);
    return {
      items: found.map((product) => this.availability.view(this.availability.dataOf(product), product.stock)),
      meta,
    };
  }

  private async find<Found extends ProductRecord>(query: ProductQuery): Promise<{ found: Found[]; meta: PageMeta }> {
    const { sort = '-createdAt', page = 1, limit = 20, cursor } = query;
    const order = orders[sort];
    const filter = filterOf(query);
    const [found, total] = await Promise.all([
      this.products.aggregate<Found>([
        { $match: cursor ? { $and: [filter, following(order, cursor)] } : filter },
        { $sort: sortOf(order) },
        ...stockFilter(query),
        ...(cursor ? [] : [{ $skip: (page - 1) * limit }]),
        { $limit: limit + 1 },
      ]),
      this.count(filter, query),
    ]);
    const { shown, nextCursor } = pageOf(order, found, limit);
    return { found: shown, meta: { total, page, limit, nextCursor } };
  }

  private async count(filter: QueryFilter<ProductRecord>, query: ProductQuery): Promise<number> {
    if (query.inStock === undefined) return this.products.countDocuments(filter);
    const pipeline: PipelineStage[] = [{ $match: filter }, ...stockFilter(query), { $count: 'total' }];
    const [counted] = await this.products.aggregate<{ total: number }>(pipeline);
    return counted?.total ?? 0;
  }
}

const isShopWindow = ({ page = 1, ...query }: ProductQuery): boolean =>
  page <= SHOP_WINDOW_PAGES && Object.keys(query).every((name) => SHOP_WINDOW.includes(name as keyof ProductQuery));

const keyOf = (query: ProductQuery): string => JSON.stringify(SHOP_WINDOW.map((name) => query[name]));

const stockFilter = ({ inStock }: ProductQuery): PipelineStage.FacetPipelineStage[] =>
  inStock === undefined ? [] : [...withStock, inStock ? available : soldOut];

function filterOf({ q, category, minPrice, maxPrice, archived = false }: ProductQuery): QueryFilter<ProductRecord> {
  return {
    archived,
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
