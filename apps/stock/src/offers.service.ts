import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Offer, OfferQuery, Offers } from '@suite/contracts';
import { GroupCommit, isConnectivityError } from '@suite/platform';
import type { Model } from 'mongoose';
import { ProductRecord } from './product.schema';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

/**
 * What is for sale just now. Unlike a quote it judges nothing and refuses nothing: a cart shows what has become of it.
 * What is asked in one turn of the event loop, or while others are read, is read together.
 */
@Injectable()
export class OffersService {
  private readonly group = new GroupCommit<OfferQuery, Offers>({
    commit: (queries) => this.answer(queries),
    maxBatch: 256,
    concurrency: 4,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly config: StockConfig,
  ) {}

  find(query: OfferQuery): Promise<Offers> {
    return this.group.add(query);
  }

  private async answer(queries: OfferQuery[]): Promise<Offers[]> {
    const offers = await this.read(queries.flatMap(({ wanted }) => wanted));
    const byStock = new Map(offers.map((offer) => [offer.stockId, offer]));
    const byProduct = new Map(offers.map((offer) => [offer.productId, offer]));
    return queries.map(({ wanted }) => ({
      currency: this.config.CURRENCY,
      offers: wanted.flatMap(
        ({ stockId = '', productId = '' }) => byStock.get(stockId) ?? byProduct.get(productId) ?? [],
      ),
    }));
  }

  private async read(wanted: OfferQuery['wanted']): Promise<Offer[]> {
    if (wanted.length === 0) return [];
    const stockIds = wanted.flatMap(({ stockId }) => stockId ?? []);
    const productIds = wanted.flatMap(({ productId }) => productId ?? []);
    const products = await this.products
      .find({ $or: [{ stockId: { $in: stockIds } }, { _id: { $in: productIds } }], archived: false })
      .select({ stockId: 1, sku: 1, name: 1, price: 1 })
      .lean();
    const ids = products.map(({ stockId }) => stockId);
    const stocks = await this.stocks.find({ _id: { $in: ids } }, { available: 1 }).lean();
    const available = new Map(stocks.map((stock) => [String(stock._id), stock.available]));
    return products.map(({ _id, stockId, sku, name, price }) => ({
      stockId: String(stockId),
      productId: String(_id),
      sku,
      name,
      price,
      available: available.get(String(stockId)) ?? 0,
    }));
  }
}
