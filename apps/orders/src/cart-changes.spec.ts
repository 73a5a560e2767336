import { MAX_LINES, MAX_QUANTITY, type Offer } from '@suite/contracts';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { adding, emptyCart, emptying, setting, takingOut, type CartChange, type OrderedItem } from './cart-changes';
import type { Addition, CartRecord } from './cart.schema';

const newId = (): string => new Types.ObjectId().toHexString();

const offerOf = (more: Partial<Offer> = {}): Offer => ({
  stockId: newId(),
  productId: newId(),
  sku: 'TEA-0001',
  name: 'Sencha',
  price: 1_250,
  available: 10_000,
  ...more,
});

const additionOf = (more: Partial<Addition> = {}): Addition => ({
  key: 'a key',
  fingerprint: 'this body',
  attempt: new Types.ObjectId(),
  at: new Date(),
  ...more,
});

/** A cart after these changes. Deeply frozen in between: a change that writes to what it was given throws. */
const cartAfter = (...changes: CartChange[]): CartRecord =>
  changes.reduce((cart, change) => frozen(change(cart)), frozen(emptyCart(new Types.ObjectId())));

function frozen(cart: CartRecord): CartRecord {
  for (const part of [cart, cart.items, cart.additions, ...cart.items]) Object.freeze(part);
  return cart;
}

const problem = (code: string, extra?: object) => expect.objectContaining({ code, ...(extra && { extra }) }) as Error;
const quantities = ({ items }: CartRecord) => items.map(({ quantity }) => quantity);

describe('adding to a cart', () => {
  it('sums what is of the same stock, and keeps the price and the availability of the first time', () => {
    const tea = offerOf({ available: 10 });
    const cart = cartAfter(
      adding(tea, 2),
      adding(offerOf(), 1),
      adding({ ...tea, price: 1_500, available: 8, name: 'Sencha, new' }, 3),
    );
    expect(quantities(cart)).toEqual([5, 1]);
    expect(cart.items[0]).toMatchObject({ price: 1_250, available: 10, name: 'Sencha' });
  });

  it('is refused when there is not enough of it, with what is in the cart already', () => {
    const tea = offerOf({ available: 5 });
    const cart = cartAfter(adding(tea, 3));
    expect(() => adding(tea, 3)(cart)).toThrow(
      problem('INSUFFICIENT_STOCK', { stockId: tea.stockId, requested: 6, available: 5 }),
    );
    expect(quantities(adding(tea, 2)(cart))).toEqual([5]);
  });

  it('is refused when it is not for sale', () => {
    expect(() => adding(undefined, 1)(cartAfter())).toThrow(problem('STOCK_NOT_FOUND'));
  });

  it(`is refused beyond ${MAX_QUANTITY} of one product`, () => {
    const tea = offerOf();
    const cart = cartAfter(adding(tea, MAX_QUANTITY - 1));
    expect(quantities(adding(tea, 1)(cart))).toEqual([MAX_QUANTITY]);
    expect(() => adding(tea, 2)(cart)).toThrow(problem('VALIDATION_FAILED'));
  });

  it(`is refused beyond ${MAX_LINES} products, but not for more of what is there`, () => {
    const tea = offerOf();
    const others = Array.from({ length: MAX_LINES - 1 }, () => adding(offerOf(), 1));
    const full = cartAfter(adding(tea, 1), ...others);
    expect(() => adding(offerOf(), 1)(full)).toThrow(problem('VALIDATION_FAILED'));
    expect(adding(tea, 1)(full).items).toHaveLength(MAX_LINES);
  });

  it('with a key happens once, also when it would be refused by now', () => {
    const tea = offerOf();
    const cart = cartAfter(adding(tea, 2, additionOf()));
    expect(adding(tea, 2, additionOf())(cart)).toBe(cart);
    expect(adding(undefined, 2, additionOf())(cart)).toBe(cart);
    expect(quantities(adding(tea, 2, additionOf({ key: 'another' }))(cart))).toEqual([4]);
  });

  it('with the key of another body is refused', () => {
    const cart = cartAfter(adding(offerOf(), 2, additionOf()));
    const other = adding(offerOf(), 3, additionOf({ fingerprint: 'another body' }));
    expect(() => other(cart)).toThrow(problem('IDEMPOTENCY_KEY_REUSED'));
  });

  it('remembers keys for a day', () => {
    const [tea, day] = [offerOf(), 24 * 3_600_000];
    const old = additionOf({ key: 'old', at: new Date(Date.now() - day - 1_000) });
    const recent = additionOf({ key: 'recent', at: new Date(Date.now() - day + 60_000) });
    const { additions } = cartAfter(adding(tea, 1, old), adding(tea, 1, recent), adding(tea, 1, additionOf()));
    expect(additions.map(({ key }) => key)).toEqual(['recent', 'a key']);
  });

  it('that is refused frees its key', () => {
    const tea = offerOf({ available: 1 });
    const cart = cartAfter();
    expect(() => adding(tea, 2, additionOf())(cart)).toThrow(problem('INSUFFICIENT_STOCK'));
    expect(cart.additions).toEqual([]);
  });
});

describe('saying how many', () => {
  it('replaces the quantity; 0 takes it out, whether it is there and for sale or not', () => {
    const tea = offerOf();
    const cart = cartAfter(adding(tea, 2), adding(offerOf(), 1));
    expect(quantities(setting(tea.stockId, 7, tea)(cart))).toEqual([7, 1]);
    expect(quantities(setting(tea.stockId, 0)(cart))).toEqual([1]);
    expect(setting(newId(), 0)(cart)).toBe(cart);
    expect(setting(tea.stockId, 2, tea)(cart)).toBe(cart);
  });

  it('is refused for what is not in the cart, not for sale, or not there so often', () => {
    const tea = offerOf({ available: 5 });
    const cart = cartAfter(adding(tea, 2));
    expect(() => setting(newId(), 1, offerOf())(cart)).toThrow(problem('CART_ITEM_NOT_FOUND'));
    expect(() => setting(tea.stockId, 1)(cart)).toThrow(problem('STOCK_NOT_FOUND'));
    expect(() => setting(tea.stockId, 6, tea)(cart)).toThrow(problem('INSUFFICIENT_STOCK'));
  });
});

describe('what was ordered', () => {
  const orderOf = ({ items }: CartRecord): OrderedItem[] =>
    items.map(({ id, quantity }) => ({ cartItem: id, quantity }));

  it('leaves the cart, and what was added meanwhile stays', () => {
    const [tea, pot] = [offerOf(), offerOf()];
    const before = cartAfter(adding(tea, 5));
    const after = cartAfter(() => before, adding(tea, 2), adding(pot, 1), takingOut(orderOf(before)));
    expect(after.items.map(({ stockId, quantity }) => [String(stockId), quantity])).toEqual([
      [tea.stockId, 2],
      [pot.stockId, 1],
    ]);
  });

  it('does not touch what was taken out and added anew', () => {
    const tea = offerOf();
    const before = cartAfter(adding(tea, 5));
    const anew = cartAfter(() => before, emptying, adding(tea, 3));
    expect(takingOut(orderOf(before))(anew)).toBe(anew);
  });

  it('leaves nothing below what was ordered, when less was wanted meanwhile', () => {
    const tea = offerOf();
    const before = cartAfter(adding(tea, 5));
    expect(takingOut(orderOf(before))(setting(tea.stockId, 2, tea)(before)).items).toEqual([]);
  });

  it('is taken out once, whatever happens in between and however often it is tried', () => {
    const shelf = Array.from({ length: 3 }, () => offerOf());
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), which: fc.nat(2), quantity: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant('take out' as const), which: fc.nat(2), quantity: fc.constant(0) }),
    );
    const changeOf = ({ kind, which, quantity }: { kind: 'add' | 'take out'; which: number; quantity: number }) =>
      kind === 'add' ? adding(shelf[which], quantity) : setting(shelf[which].stockId, 0);
    fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.array(step), (before, meanwhile, later) => {
        const start = cartAfter(...before.map(changeOf));
        const ordered = orderOf(start);
        const once = cartAfter(() => start, ...meanwhile.map(changeOf), takingOut(ordered));
        const further = cartAfter(() => once, ...later.map(changeOf));
        expect(takingOut(ordered)(once)).toBe(once);
        expect(takingOut(ordered)(further)).toBe(further);
        // Only additions grow an item: without any, all is ordered and the cart is empty.
        const grew = meanwhile.some(({ kind }) => kind === 'add');
        expect(grew || once.items.length === 0).toBe(true);
      }),
    );
  });
});
