import { IsFlag, IsId, IsListOf, IsMinorUnits, IsText, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY, MAX_STOCK } from './limits';
import { PricedProduct, Wanted } from './offer';

/** One item of a cart, at the price and with the availability of now. */
export class CartItem extends PricedProduct {
  @IsWhole(1, MAX_QUANTITY, { example: 1 })
  quantity: number;

  @IsMinorUnits()
  lineTotal: number;

  @IsWhole(0, MAX_STOCK, { description: 'Can be had just now; nothing is held for a cart', example: 100 })
  available: number;

  @IsFlag({ description: 'Has the price changed since it was added?' })
  priceChanged: boolean;

  @IsFlag({ description: 'Is more or less available than when it was added?' })
  availabilityChanged: boolean;

  @IsFlag({ optional: true, description: 'There, and true, when it left the shop: take it out before the checkout' })
  archived?: boolean;
}

export class Cart {
  @IsListOf(CartItem, 0, MAX_LINES)
  items: CartItem[];

  @IsMinorUnits({ description: 'Minor units: the sum of all lines' })
  total: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;
}

/** The answer to an addition. */
export class AddedToCart extends Cart {
  @IsFlag({ description: 'Was it added before, with the same idempotency key?' })
  replayed: boolean;
}

/** Named by either id; by neither is STOCK_NOT_FOUND. */
export class AddToCart extends Wanted {
  @IsWhole(1, MAX_QUANTITY, { example: 1 })
  quantity: number;
}

export class SetInCart {
  @IsId()
  stockId: string;

  @IsWhole(0, MAX_QUANTITY, { description: '0 takes it out', example: 2 })
  quantity: number;
}
