import { OmitType } from '@nestjs/swagger';
import { Cart, CartItem, IsListOf, IsPrice, MAX_LINES } from '@suite/contracts';
import { toDecimal } from './money';

export class CartItemView extends OmitType(CartItem, ['price', 'lineTotal']) {
  @IsPrice()
  price: number;

  @IsPrice()
  lineTotal: number;
}

export class CartView extends OmitType(Cart, ['items', 'total']) {
  @IsListOf(CartItemView, 0, MAX_LINES)
  items: CartItemView[];

  @IsPrice({ description: 'The sum of all lines' })
  total: number;
}

export const cartView = ({ items, total, currency }: Cart): CartView => ({
  items: items.map((item) => ({
    stockId: item.stockId,
    productId: item.productId,
    sku: item.sku,
    name: item.name,
    quantity: item.quantity,
    price: toDecimal(item.price),
    lineTotal: toDecimal(item.lineTotal),
    available: item.available,
    priceChanged: item.priceChanged,
    availabilityChanged: item.availabilityChanged,
    ...(item.archived && { archived: true }),
  })),
  total: toDecimal(total),
  currency,
});
