import type { CreateProduct } from '@suite/contracts';
import { Types } from 'mongoose';
import type { MovementRecord } from './movement.schema';
import type { ProductRecord } from './product.schema';
import type { StockRecord } from './stock.schema';

/** The three documents that a product begins with. */
export interface NewProduct {
  product: ProductRecord;
  stock: StockRecord;
  receipt: MovementRecord;
}

interface Birth {
  productId: Types.ObjectId;
  stockId: Types.ObjectId;
  receiptId: Types.ObjectId;
  by: Types.ObjectId;
  at: Date;
}

/** Pure, so that a repeated creation can be answered with the product as it was on the first day. */
export function newProduct(created: CreateProduct, { productId, stockId, receiptId, by, at }: Birth): NewProduct {
  const {
    sku,
    name,
    description = '',
    category = 'general',
    imageUrl,
    price,
    initialStock = 0,
    lowStockThreshold,
  } = created;
  const data = { sku, name, description, category, price, ...(imageUrl && { imageUrl }) };
  const counters = { available: initialStock, reserved: 0, sold: 0 };
  return {
    product: { _id: productId, stockId, ...data, version: 1, archived: false, createdAt: at, created },
    stock: {
      _id: stockId,
      productId,
      ...counters,
      received: initialStock,
      version: 1,
      ...(lowStockThreshold !== undefined && { lowStockThreshold }),
    },
    receipt: { _id: receiptId, stockId, version: 1, n: 0, kind: 'receipt', ...counters, by, at },
  };
}
