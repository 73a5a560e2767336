import type { Product } from '@suite/contracts';
import type { ProductRecord } from './product.schema';

/** What a product is, without how much there is of it: all that may be kept, since only admins change it. */
export type ProductData = Omit<Product, 'stock' | 'lowStockThreshold'> & { stockId: string };

/** The scope of the cache that every change of any product renews. */
export const CATALOGUE = 'catalogue';

/** A whitelist, field by field. */
export const productData = (product: ProductRecord, currency: string): ProductData => ({
  id: String(product._id),
  stockId: String(product.stockId),
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
});
