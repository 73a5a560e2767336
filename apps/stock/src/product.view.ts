import type { Product } from '@suite/contracts';
import type { ProductData } from './product-data';
import type { StockRecord } from './stock.schema';

/** What leaves the service. The threshold only where one is given: admins see it, nobody else. */
export const productView = (
  { stockId: _stockId, ...data }: ProductData,
  stock: StockRecord,
  lowStockThreshold?: number,
): Product => ({
  ...data,
  ...(lowStockThreshold !== undefined && { lowStockThreshold }),
  stock: { id: String(stock._id), available: stock.available, reserved: stock.reserved, version: stock.version },
});
