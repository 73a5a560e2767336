import { MAX_LINES, MAX_QUANTITY, Problem, type Offer } from '@suite/contracts';
import { Types } from 'mongoose';
import type { Addition, CartItemRecord, CartRecord } from './cart.schema';

/**
 * From the cart as it is to the cart as it shall be; the same object where there is nothing to do. Pure, since it runs
 * again when somebody else was faster. What it throws is for its own caller, and leaves the cart as it is.
 */
export type CartChange = (cart: CartRecord) => CartRecord;

/** An item of a cart, as an order names it. */
export interface OrderedItem {
  cartItem?: Types.ObjectId;
  quantity: number;
}

const KEY_MEMORY_MS = 24 * 3_600_000;
/** More keys than people can use in a day; what a program beyond that repeats may be added again. */
const MAX_KEYS = 1_000;

export const emptyCart = (userId: Types.ObjectId): CartRecord => ({
  _id: userId,
  version: 0,
  items: [],
  additions: [],
  updatedAt: new Date(0),
});

/**
 * Adds to what is there of the same stock.
 * @param offer undefined: it is not for sale.
 * @param addition only of a request with an idempotency key.
 * @throws Problem STOCK_NOT_FOUND, VALIDATION_FAILED, INSUFFICIENT_STOCK, IDEMPOTENCY_KEY_REUSED
 */
export const adding =
  (offer: Offer | undefined, quantity: number, addition?: Addition): CartChange =>
  (cart) => {
    // Before anything is judged: what was added before is not refused now.
    if (addition && wasMade(cart, addition)) return cart;
    if (!offer) throw new Problem('STOCK_NOT_FOUND');
    const item = itemOf(cart, offer.stockId);
    const wanted = (item?.quantity ?? 0) + quantity;
    if (!item && cart.items.length >= MAX_LINES) refuse('stockId', `a cart holds at most ${MAX_LINES} products`);
    if (wanted > MAX_QUANTITY) refuse('quantity', `a cart holds at most ${MAX_QUANTITY} of each product`);
    assertAvailable(offer, wanted);
    return {
      ...(item ? replacing(cart, { ...item, quantity: wanted }) : appending(cart, newItem(offer, quantity))),
      additions: addition ? remembering(cart.additions, addition) : cart.additions,
    };
  };

/**
 * @param offer undefined: it is not for sale. Not asked for when the quantity is 0.
 * @throws Problem CART_ITEM_NOT_FOUND, STOCK_NOT_FOUND, INSUFFICIENT_STOCK
 */
export const setting =
  (stockId: string, quantity: number, offer?: Offer): CartChange =>
  (cart) => {
    const item = itemOf(cart, stockId);
    if (quantity === 0) return item ? { ...cart, items: cart.items.filter((other) => other !== item) } : cart;
    if (!item) throw new Problem('CART_ITEM_NOT_FOUND', undefined, { stockId });
    if (!offer) throw new Problem('STOCK_NOT_FOUND', undefined, { stockId });
    assertAvailable(offer, quantity);
    return item.quantity === quantity ? cart : replacing(cart, { ...item, quantity });
  };

export const emptying: CartChange = (cart) => (cart.items.length === 0 ? cart : { ...cart, items: [] });

/**
 * Takes out what orders were made of, and no more: of what was added to an item meanwhile the rest stays, as a new item.
 * So taking the same out twice changes nothing the second time.
 */
export const takingOut =
  (ordered: OrderedItem[]): CartChange =>
  (cart) => {
    const quantities = new Map(ordered.map(({ cartItem, quantity }) => [String(cartItem), quantity]));
    const items = cart.items.flatMap((item) => {
      const taken = quantities.get(String(item.id));
      if (taken === undefined) return [item];
      const quantity = item.quantity - taken;
      return quantity > 0 ? [{ ...item, id: new Types.ObjectId(), quantity }] : [];
    });
    const untouched = items.every((item, i) => item === cart.items[i]) && items.length === cart.items.length;
    return untouched ? cart : { ...cart, items };
  };

/** @throws Problem IDEMPOTENCY_KEY_REUSED */
function wasMade({ additions }: CartRecord, { key, fingerprint }: Addition): boolean {
  const earlier = additions.find((addition) => addition.key === key);
  if (earlier && earlier.fingerprint !== fingerprint) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return earlier !== undefined;
}

const remembering = (additions: Addition[], addition: Addition): Addition[] =>
  [...additions.filter(({ at }) => addition.at.getTime() - at.getTime() < KEY_MEMORY_MS), addition].slice(-MAX_KEYS);

const itemOf = ({ items }: CartRecord, stockId: string): CartItemRecord | undefined =>
  items.find((item) => String(item.stockId) === stockId);

const appending = (cart: CartRecord, item: CartItemRecord): CartRecord => ({ ...cart, items: [...cart.items, item] });

const replacing = (cart: CartRecord, item: CartItemRecord): CartRecord => ({
  ...cart,
  items: cart.items.map((other) => (other.id === item.id ? item : other)),
});

const newItem = ({ stockId, productId, sku, name, price, available }: Offer, quantity: number): CartItemRecord => ({
  id: new Types.ObjectId(),
  stockId: new Types.ObjectId(stockId),
  productId: new Types.ObjectId(productId),
  sku,
  name,
  quantity,
  price,
  available,
});

function assertAvailable({ stockId, available }: Offer, requested: number): void {
  if (available < requested) throw new Problem('INSUFFICIENT_STOCK', undefined, { stockId, requested, available });
}

function refuse(path: string, message: string): never {
  throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path, message }] });
}
