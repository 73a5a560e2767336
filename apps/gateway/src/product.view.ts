import { OmitType, PickType } from '@nestjs/swagger';
import { IsFlag, IsPart, IsPrice, Movement, Problem, Product, StockLevel } from '@suite/contracts';
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
export const etagOf = ({ version, stock }: Product): string => `"${version}-${stock.available}"`;

/** RFC 9110, 13.1.2: If-None-Match compares weakly, and knows lists and `*`. */
export const isFresh = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

/**
 * The version that If-Match asks for: `"3"`, or the ETag `"3-120"` of a GET. Undefined for none and for `*`.
 * @throws Problem VALIDATION_FAILED for a tag that is none of ours: ignoring it would overwrite what it should guard.
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^"(\d{1,15})(-\d{1,15})?"$/.exec(ifMatch.trim())?.[1];
  if (version !== undefined) return Number(version);
  const message = 'If-Match must be the version in quotes, such as "3"';
  throw new Problem('VALIDATION_FAILED', message, { errors: [{ path: 'If-Match', message }] });
}
