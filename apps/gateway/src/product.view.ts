import { OmitType, PickType } from '@nestjs/swagger';
import { Category, IsFlag, IsPart, IsPrice, Movement, Product, StockLevel } from '@suite/contracts';
import { toDecimal } from './money';

/** How much can be bought. */
export class AvailabilityView extends PickType(StockLevel, ['id', 'available']) {}

export class StockLevelView extends StockLevel {}

class CatalogueView extends OmitType(Product, ['price', 'stock', 'archived']) {
  @IsPrice()
  price: number;

  @IsFlag({ optional: true, description: 'There, and true, only for admins looking at an archived product' })
  archived?: boolean;
}

export class ProductView extends CatalogueView {
  @IsPart(AvailabilityView)
  stock: AvailabilityView;
}

export class StockedProductView extends CatalogueView {
  @IsPart(StockLevelView)
  stock: StockLevelView;
}

export class MovementView extends Movement {}

export class CategoryView extends Category {}

export const categoryView = ({ name, products }: Category): CategoryView => ({ name, products });

const catalogueView = (product: Product): CatalogueView => ({
  id: product.id,
  sku: product.sku,
  name: product.name,
  description: product.description,
  category: product.category,
  price: toDecimal(product.price),
  currency: product.currency,
  ...(product.imageUrl !== undefined && { imageUrl: product.imageUrl }),
  version: product.version,
  ...(product.lowStockThreshold !== undefined && { lowStockThreshold: product.lowStockThreshold }),
  ...(product.archived && { archived: true }),
  createdAt: product.createdAt,
});

export const productView = (product: Product): ProductView => ({
  ...catalogueView(product),
  stock: { id: product.stock.id, available: product.stock.available },
});

export const stockedProductView = (product: Product): StockedProductView => ({
  ...catalogueView(product),
  stock: {
    id: product.stock.id,
    available: product.stock.available,
    reserved: product.stock.reserved,
    version: product.stock.version,
  },
});

export const movementView = (movement: Movement): MovementView => ({
  id: movement.id,
  stockId: movement.stockId,
  kind: movement.kind,
  available: movement.available,
  reserved: movement.reserved,
  sold: movement.sold,
  version: movement.version,
  ...(movement.orderId !== undefined && { orderId: movement.orderId }),
  ...(movement.reason !== undefined && { reason: movement.reason }),
  ...(movement.by !== undefined && { by: movement.by }),
  at: movement.at,
});

/** Of the product's own version and its availability: what a reader of the product can see change. */
export const productTag = ({ version, stock }: Product): string => `"${version}-${stock.available}"`;
