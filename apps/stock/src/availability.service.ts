import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Product } from '@suite/contracts';
import { currentContext } from '@suite/platform';
import type { Model } from 'mongoose';
import { productData, type ProductData } from './product-data';
import type { ProductRecord } from './product.schema';
import { productView } from './product.view';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

/** Joins what products are, which may be kept, with how much there is of them, which is read each time. */
@Injectable()
export class AvailabilityService {
  constructor(
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly config: StockConfig,
  ) {}

  async join(products: ProductData[]): Promise<Product[]> {
    const found = await this.stocks.find({ _id: { $in: products.map(({ stockId }) => stockId) } }).lean();
    const byId = new Map(found.map((stock) => [String(stock._id), stock]));
    // A product is born and kept with its stock.
    return products.map((product) => this.view(product, byId.get(product.stockId)!));
  }

  async of(product: ProductRecord): Promise<Product> {
    const [joined] = await this.join([this.dataOf(product)]);
    return joined;
  }

  view(product: ProductData, stock: StockRecord): Product {
    const admin = currentContext()?.caller?.role === 'admin';
    return productView(
      product,
      stock,
      admin ? (stock.lowStockThreshold ?? this.config.LOW_STOCK_THRESHOLD) : undefined,
    );
  }

  dataOf(product: ProductRecord): ProductData {
    return productData(product, this.config.CURRENCY);
  }
}
