import { OmitType } from '@nestjs/swagger';
import {
  ChangesOf,
  IsFlag,
  IsId,
  IsListOf,
  IsMinorUnits,
  IsOneOf,
  IsPart,
  IsText,
  IsTime,
  IsWebAddress,
  IsWhole,
} from './fields';
import { MAX_STOCK } from './limits';
import { PageMeta, PageQuery } from './reading';

export const productSorts = ['price', '-price', 'name', 'createdAt', '-createdAt'] as const;
export type ProductSort = (typeof productSorts)[number];

const IsLowStockThreshold = ({ description }: { description: string }) =>
  IsWhole(-1, MAX_STOCK, { optional: true, example: 10, description });

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

  @IsWebAddress({ optional: true })
  imageUrl?: string;

  @IsLowStockThreshold({ description: 'At or below it the stock counts as low; only admins see it' })
  lowStockThreshold?: number;

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

  @IsFlag({ optional: true, description: 'Archived ones, for admins only; the default is those that are not' })
  archived?: boolean;

  @IsOneOf(productSorts, { optional: true })
  sort?: ProductSort;
}

/** A shelf of the shop. */
export class Category {
  @IsText(1, 100, { example: 'tea' })
  name: string;

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { example: 12, description: 'Products on it, in stock or not' })
  products: number;
}

export class CategoryList {
  @IsListOf(Category, 0, 1_000)
  items: Category[];
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

  @IsWebAddress({ optional: true, description: 'Empty: no picture' })
  imageUrl?: string;

  @IsMinorUnits()
  price: number;

  @IsLowStockThreshold({ description: 'At or below it the stock counts as low; -1: never. Default: a setting' })
  lowStockThreshold?: number;

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
