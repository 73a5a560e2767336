import type { Product } from '@suite/contracts';
import type { ProductRecord } from './product.schema';
import type { StockRecord } from './stock.schema';

/** What leaves the service: a whitelist, field by field. */
export const productView = (product: ProductRecord, stock: StockRecord, currency: string): Product => ({
  id: String(product._id),
  sku: product.sku,
  name: product.name,
  description: product.description,
  category: product.category,
  price: product.price,
  currency,
  imageUrl: product.imageUrl,
  version: product.version,
  archived: product.archived,
  createdAt: product.createdAt.toISOString(),
  stock: { id: String(stock._id), available: stock.available, reserved: stock.reserved, version: stock.version },
});
