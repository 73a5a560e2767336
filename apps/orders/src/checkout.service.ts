import { Injectable } from '@nestjs/common';
import { Problem, type Checkout, type PlacedOrder } from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { Types } from 'mongoose';
import { CartStore } from './cart-store';
import { PlacingService } from './placing.service';

/**
 * Orders what is in the cart, in the order's own way. The order names the items of the cart it is made of; a unique
 * index lets each be ordered once, whoever checks out at the same moment. Then they are taken out of the cart.
 */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly carts: CartStore,
    private readonly placing: PlacingService,
  ) {}

  /** A repetition is known by what the client sends, not by the cart, which is empty by then. @throws Problem CART_EMPTY */
  async checkout(body: Checkout): Promise<PlacedOrder> {
    const userId = new Types.ObjectId(callerOf().userId);
    const placed = await this.placing.accept(body, async (idempotency) => {
      const { items } = await this.carts.read(userId);
      if (items.length === 0) throw new Problem('CART_EMPTY');
      const lines = items.map(({ stockId, quantity }) => ({ stockId: String(stockId), quantity }));
      const cartItems = new Map(items.map(({ stockId, id }) => [String(stockId), id]));
      return this.placing.draft({ ...body, items: lines }, { idempotency, cartItems });
    });
    // It is ordered already, and what fails here the next look at the cart does.
    await this.carts.read(userId).catch(() => undefined);
    return placed;
  }
}
