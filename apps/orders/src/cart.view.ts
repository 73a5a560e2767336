import type { Cart, CartItem, Offer, Offers } from '@suite/contracts';
import type { CartItemRecord, CartRecord } from './cart.schema';

/** A cart at what its items cost, and how many there are of them, just now. */
export function cartView({ items: kept }: CartRecord, { offers, currency }: Offers): Cart {
  const byStock = new Map(offers.map((offer) => [offer.stockId, offer]));
  const items = kept.map((item) => itemView(item, byStock.get(String(item.stockId))));
  return { items, total: items.reduce((sum, { lineTotal }) => sum + lineTotal, 0), currency };
}

/** What left the shop stays visible, as it was when it was added, and cannot be had. */
function itemView(item: CartItemRecord, offer?: Offer): CartItem {
  const { sku, name, price, available } = offer ?? { ...item, available: 0 };
  return {
    stockId: String(item.stockId),
    productId: String(item.productId),
    sku,
    name,
    quantity: item.quantity,
    price,
    lineTotal: price * item.quantity,
    available,
    priceChanged: price !== item.price,
    availabilityChanged: available !== item.available,
    ...(!offer && { archived: true }),
  };
}
