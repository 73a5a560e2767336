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
