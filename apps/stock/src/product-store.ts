import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { inTransaction } from '@suite/platform';
import type { Connection, Model, mongo, QueryFilter, UpdateQuery } from 'mongoose';
import type { ProductChange, Sheet } from './import-decision';
import { MovementRecord } from './movement.schema';
import type { NewProduct } from './new-product';
import { ProductRecord } from './product.schema';
import { StockRecord } from './stock.schema';

/** Writes products, and with them what belongs to them in other collections. */
@Injectable()
export class ProductStore {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
  ) {}

  /** All that `work` writes, or nothing. It is run again after a conflict. */
  transaction<T>(work: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    return inTransaction(this.connection, work);
  }

  /** The receipts come first: the id of one tells a repetition from a sku that somebody else took. */
  async insert(born: NewProduct[], session: mongo.ClientSession): Promise<void> {
    if (born.length === 0) return;
    const [receipts, products, stocks] = [
      born.map(({ receipt }) => receipt),
      born.map(({ product }) => product),
      born.map(({ stock }) => stock),
    ];
    await this.movements.collection.insertMany(receipts, { session });
    await this.products.collection.insertMany(products, { session });
    await this.stocks.collection.insertMany(stocks, { session });
  }

  /** The product as it is now; null if none was as expected. */
  async update(
    expected: QueryFilter<ProductRecord>,
    changes: UpdateQuery<ProductRecord>,
    lowStockThreshold?: number,
  ): Promise<ProductRecord | null> {
    const write = (session?: mongo.ClientSession) =>
      this.products.findOneAndUpdate(expected, changes, { returnDocument: 'after', session }).lean();
    if (lowStockThreshold === undefined) return write();
    return this.transaction(async (session) => {
      const product = await write(session);
      if (product) await this.stocks.updateOne({ _id: product.stockId }, { lowStockThreshold }, { session });
      return product;
    });
  }

  async updateMany(changes: ProductChange[], session: mongo.ClientSession): Promise<void> {
    if (changes.length === 0) return;
    const products = changes.map(({ productId, sheet: { lowStockThreshold: _threshold, ...sheet } }) => ({
      updateOne: { filter: { _id: productId }, update: { ...settingOf(sheet), $inc: { version: 1 } } },
    }));
    await this.products.bulkWrite(products, { session });
    const thresholds = changes.flatMap(({ stockId, sheet: { lowStockThreshold } }) =>
      lowStockThreshold === undefined
        ? []
        : [
            {
              updateOne: {
                filter: { _id: stockId, lowStockThreshold: { $ne: lowStockThreshold } },
                update: { lowStockThreshold },
              },
            },
          ],
    );
    if (thresholds.length > 0) await this.stocks.bulkWrite(thresholds, { session });
  }
}

/** An empty picture is none. */
export const settingOf = ({ imageUrl, ...rest }: Partial<Sheet>): UpdateQuery<ProductRecord> => ({
  $set: { ...rest, ...(imageUrl && { imageUrl }) },
  $unset: imageUrl === '' ? { imageUrl: 1 } : {},
});
