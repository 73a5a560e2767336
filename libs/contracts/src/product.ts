import { OmitType } from '@nestjs/swagger';
import { ChangesOf, IsFlag, IsId, IsListOf, IsMinorUnits, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { MAX_STOCK } from './limits';
import { PageMeta, PageQuery } from './reading';

export const productSorts = ['price', '-price', 'name', 'createdAt', '-createdAt'] as const;
export type ProductSort = (typeof productSorts)[number];

export class StockLevel {
  @IsId()
  id: string;

  @IsWhole(0, MAX_STOCK)
  available: number;

  @IsWhole(0, MAX_STOCK)
  reserved: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Grows by one with each write' })
  version: number;
}

export class Product {
  @IsId()
  id: string;

  @IsText(1, 64, { example: 'TEA-0001' })
  sku: string;

  @IsText(1, 200, { example: 'Sencha, first flush, 100 g' })
  name: string;

  @IsText(0, 5_000)
  description: string;

  @IsText(1, 100, { example: 'tea' })
  category: string;

  @IsMinorUnits()
  price: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;

  @IsText(1, 2_000, { optional: true, example: 'https://example.com/sencha.jpg' })
  imageUrl?: string;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Of the product; for If-Match' })
  version: number;

  @IsFlag()
  archived: boolean;

  @IsTime()
  createdAt: string;

  @IsPart(StockLevel)
  stock: StockLevel;
}

/** The answer to a creation. */
export class CreatedProduct extends Product {
  @IsFlag({ description: 'Was it created before, with the same idempotency key?' })
  replayed: boolean;
}

export class ProductPage {
  @IsListOf(Product, 0, 100)
  items: Product[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

export class ProductQuery extends PageQuery {
  @IsText(1, 200, { optional: true, description: 'Words to look for' })
  q?: string;

  @IsText(1, 100, { optional: true })
  category?: string;

  @IsMinorUnits({ optional: true })
  minPrice?: number;

  @IsMinorUnits({ optional: true })
  maxPrice?: number;

  @IsFlag({ optional: true })
  inStock?: boolean;

  @IsOneOf(productSorts, { optional: true })
  sort?: ProductSort;
}

export class CreateProduct {
  @IsText(1, 64, { example: 'TEA-0001' })
  sku: string;

  @IsText(1, 200, { example: 'Sencha, first flush, 100 g' })
  name: string;

  @IsText(0, 5_000, { optional: true })
  description?: string;

  @IsText(1, 100, { optional: true, example: 'tea' })
  category?: string;

  @IsText(1, 2_000, { optional: true, example: 'https://example.com/sencha.jpg' })
  imageUrl?: string;

  @IsMinorUnits()
  price: number;

  @IsWhole(0, MAX_STOCK, { optional: true, example: 100 })
  initialStock?: number;
}

export class UpdateProduct extends ChangesOf(OmitType(CreateProduct, ['initialStock'])) {
  @IsId()
  id: string;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, {
    optional: true,
    description: 'Refuse (VERSION_CONFLICT) if it is another now',
  })
  version?: number;
}
