import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ImportedProducts, ImportProducts } from '@suite/contracts';
import { isDuplicateKey, ReadCache, requireAdmin } from '@suite/platform';
import { Types, type Model, type mongo } from 'mongoose';
import { decideImport, type KnownProduct } from './import-decision';
import { newProduct } from './new-product';
import { CATALOGUE } from './product-data';
import { ProductStore } from './product-store';
import { ProductRecord } from './product.schema';
import { patience, retrying } from './retrying';
import { StockRecord } from './stock.schema';

/** Brings many products at once to where a list wants them. Done again it changes nothing. */
@Injectable()
export class ImportService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly store: ProductStore,
    private readonly cache: ReadCache,
  ) {}

  /** All rows that can be done are, in one transaction. An archived product is changed and stays archived. */
  async import({ rows, dryRun = false }: ImportProducts): Promise<ImportedProducts> {
    const { userId } = requireAdmin();
    const skus = rows.map(({ sku }) => sku);
    const first = decideImport(rows, await this.find(skus));
    if (dryRun || (first.created.length === 0 && first.changed.length === 0)) return { rows: first.rows };
    // A duplicate key: somebody else has made a product of one of the skus in the meantime.
    const attempt = () =>
      this.store.transaction(async (session) => {
        const { created, changed, rows: outcomes } = decideImport(rows, await this.find(skus, session));
        const by = new Types.ObjectId(userId);
        const at = new Date();
        const born = created.map((product) => newProduct(product, { ...newIds(), by, at }));
        await this.store.insert(born, session);
        await this.store.updateMany(changed, session);
        return { rows: outcomes };
      });
    return this.cache.change(CATALOGUE, () => retrying(attempt, patience(), isDuplicateKey));
  }

  private async find(skus: string[], session?: mongo.ClientSession): Promise<KnownProduct[]> {
    const products = await this.products.find({ sku: { $in: skus } }, null, { session }).lean();
    const stocks = await this.stocks
      .find({ _id: { $in: products.map(({ stockId }) => stockId) } }, { lowStockThreshold: 1 }, { session })
      .lean();
    const thresholds = new Map(stocks.map(({ _id, lowStockThreshold }) => [String(_id), lowStockThreshold]));
    return products.map((product) => ({ ...product, lowStockThreshold: thresholds.get(String(product.stockId)) }));
  }
}

const newIds = () => ({
  productId: new Types.ObjectId(),
  stockId: new Types.ObjectId(),
  receiptId: new Types.ObjectId(),
});
