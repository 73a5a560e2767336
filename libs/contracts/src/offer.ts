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

/** A product as it is for sale just now. */
export class Offer {
  @IsId()
  stockId: string;

  @IsId()
  productId: string;

  @IsText(1, 64)
  sku: string;

  @IsText(1, 200)
  name: string;

  @IsMinorUnits()
  price: number;

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
