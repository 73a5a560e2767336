import { IsId, IsListOf, IsMinorUnits, IsText, IsWhole } from './fields';
import { MAX_LINES, MAX_STOCK } from './limits';

/** What somebody asks after, named by either id. */
export class Wanted {
  @IsId({ optional: true })
  stockId?: string;

  @IsId({ optional: true })
  productId?: string;
}

export class OfferQuery {
  @IsListOf(Wanted, 0, MAX_LINES)
  wanted: Wanted[];
}

/** What every line says of its product, in a cart, a quote and an order. */
export class PricedProduct {
  @IsId()
  stockId: string;

  @IsId()
  productId: string;

  @IsText(1, 64, { example: 'TEA-0001' })
  sku: string;

  @IsText(1, 200, { example: 'Sencha, first flush, 100 g' })
  name: string;

  @IsMinorUnits()
  price: number;
}

export type FindProduct<Product extends PricedProduct = PricedProduct> = (line: Wanted) => Product | undefined;

/** Finds the product of a line by either id; of a line that names both, both have to be those of one product. */
export function finderOf<Product extends PricedProduct>(products: Product[]): FindProduct<Product> {
  const byStock = new Map(products.map((product) => [product.stockId, product]));
  const byProduct = new Map(products.map((product) => [product.productId, product]));
  return ({ stockId, productId }) => {
    const product = stockId === undefined ? byProduct.get(productId ?? '') : byStock.get(stockId);
    return productId === undefined || product?.productId === productId ? product : undefined;
  };
}

/** A product as it is for sale just now. */
export class Offer extends PricedProduct {
  @IsWhole(0, MAX_STOCK)
  available: number;
}

/** In the order in which they were asked for; what is unknown or archived is left out. */
export class Offers {
  @IsText(3, 3)
  currency: string;

  @IsListOf(Offer, 0, MAX_LINES)
  offers: Offer[];
}
