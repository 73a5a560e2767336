import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { finderOf, type FindProduct, type Wanted } from '@suite/contracts';
import { collectionOf } from '@suite/platform';
import type { Model } from 'mongoose';
import { idsOf } from './ledger-documents';
import { ProductRecord } from './product.schema';
import { StockRecord } from './stock.schema';

/**
 * What can be ordered just now, read anew each time: many lines at once, each named by either id. Past Mongoose to the
 * driver: every order comes by here.
 */
@Injectable()
export class OnSaleService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
  ) {}

  /** @returns what finds the product of each of these lines; what is unknown or archived is not found. */
  async named(lines: Wanted[]): Promise<FindProduct> {
    if (lines.length === 0) return () => undefined;
    const named = [
      { stockId: { $in: idsOf(lines.flatMap(({ stockId }) => stockId ?? [])) } },
      { _id: { $in: idsOf(lines.flatMap(({ productId }) => productId ?? [])) } },
    ];
    const found = await collectionOf(this.products)
      .find({ $or: named, archived: false })
      .project<ProductRecord>({ stockId: 1, sku: 1, name: 1, price: 1 })
      .toArray();
    const priced = found.map(({ _id, stockId, sku, name, price }) => ({
      stockId: String(stockId),
      productId: String(_id),
      sku,
      name,
      price,
    }));
    return finderOf(priced);
  }

  /** Stock id → units that can be promised. */
  async available(stockIds: string[]): Promise<Map<string, number>> {
    if (stockIds.length === 0) return new Map();
    const stocks = await collectionOf(this.stocks)
      .find({ _id: { $in: idsOf(stockIds) } })
      .project<StockRecord>({ available: 1 })
      .toArray();
    return new Map(stocks.map(({ _id, available }) => [String(_id), available]));
  }
}
