import { Injectable } from '@nestjs/common';
import { stock, type AddedToCart, type AddToCart, type Cart, type Offers, type SetInCart } from '@suite/contracts';
import type { Wanted } from '@suite/contracts';
import { Bus, callerOf, currentContext } from '@suite/platform';
import { Types } from 'mongoose';
import { adding, emptying, setting } from './cart-changes';
import { CartStore } from './cart-store';
import type { Addition, CartRecord } from './cart.schema';
import { cartView } from './cart.view';
import { fingerprintOf } from './new-order';

/** What customers do with their carts. Nothing is held for a cart: it knows what there is, and the order decides. */
@Injectable()
export class CartsService {
  constructor(
    private readonly store: CartStore,
    private readonly bus: Bus,
  ) {}

  async get(): Promise<Cart> {
    return this.view(await this.store.read(ownerId()));
  }

  async add(body: AddToCart): Promise<AddedToCart> {
    const { stockId, productId, quantity } = body;
    const { offers } = await this.offersFor([{ stockId, productId }]);
    const addition = additionOf(body);
    const cart = await this.store.change(ownerId(), adding(offers[0], quantity, addition));
    const made = cart.additions.find(({ key }) => key === addition?.key);
    return { ...(await this.view(cart)), replayed: made !== undefined && !made.attempt.equals(addition!.attempt) };
  }

  async set({ stockId, quantity }: SetInCart): Promise<Cart> {
    const { offers } = quantity === 0 ? { offers: [] } : await this.offersFor([{ stockId }]);
    return this.view(await this.store.change(ownerId(), setting(stockId, quantity, offers[0])));
  }

  async empty(): Promise<Cart> {
    return this.view(await this.store.change(ownerId(), emptying));
  }

  private async view(cart: CartRecord): Promise<Cart> {
    return cartView(cart, await this.offersFor(cart.items.map(({ stockId }) => ({ stockId: String(stockId) }))));
  }

  private offersFor(wanted: Wanted[]): Promise<Offers> {
    return this.bus.ask(stock.offers, { wanted });
  }
}

const ownerId = (): Types.ObjectId => new Types.ObjectId(callerOf().userId);

function additionOf(body: AddToCart): Addition | undefined {
  const key = currentContext()?.idempotencyKey;
  return key === undefined
    ? undefined
    : { key, fingerprint: fingerprintOf(body), attempt: new Types.ObjectId(), at: new Date() };
}
