import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem } from '@suite/contracts';
import { backoff, GroupCommit, isDuplicateKey } from '@suite/platform';
import type { Model, mongo, Types } from 'mongoose';
import { emptyCart, takingOut, type CartChange, type OrderedItem } from './cart-changes';
import { CartRecord } from './cart.schema';
import { OrderStore } from './order-store';

/** What one user changes at one replica, and how many wait for it. */
interface Turns {
  group: GroupCommit<CartChange, CartRecord>;
  waiting: number;
}

/** Only other replicas compete for a cart, so that one of two wins each time. */
const MAX_ATTEMPTS = 40;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Carts, with optimistic locking: a write names the version it has read, and begins again when that is no more. What
 * one user changes at the same moment is written together, so that a replica does not compete with itself.
 *
 * Whoever looks at a cart first takes out of it what was ordered from it. The order is durable before its cart is
 * reduced, so that a process may die in between: the next look mends it, and by the ids of the items exactly once.
 */
@Injectable()
export class CartStore {
  private readonly carts: mongo.Collection<CartRecord>;
  private readonly turns = new Map<string, Turns>();

  constructor(
    @InjectModel(CartRecord.name) model: Model<CartRecord>,
    private readonly store: OrderStore,
  ) {
    this.carts = model.collection as unknown as mongo.Collection<CartRecord>;
  }

  read(userId: Types.ObjectId): Promise<CartRecord> {
    return this.change(userId, (cart) => cart);
  }

  /** The cart after the change. @throws what `change` throws; OVERLOADED */
  async change(userId: Types.ObjectId, change: CartChange): Promise<CartRecord> {
    const id = String(userId);
    const turns = this.turns.get(id) ?? { group: this.newGroup(userId), waiting: 0 };
    this.turns.set(id, turns);
    turns.waiting++;
    try {
      return await turns.group.add(change);
    } finally {
      if (--turns.waiting === 0) this.turns.delete(id);
    }
  }

  async forget(userId: Types.ObjectId): Promise<void> {
    await this.carts.deleteOne({ _id: userId });
  }

  private newGroup(userId: Types.ObjectId): Turns['group'] {
    return new GroupCommit({
      name: 'cart changes',
      commit: (changes) => this.apply(userId, changes),
      maxBatch: 256,
      separate: () => false,
    });
  }

  /** One after the other, in one write. */
  private async apply(userId: Types.ObjectId, changes: CartChange[]): Promise<(CartRecord | Error)[]> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const stored = (await this.carts.findOne({ _id: userId })) ?? emptyCart(userId);
      let cart = takingOut(await this.orderedFrom(stored))(stored);
      const outcomes = changes.map((change) => {
        try {
          return (cart = change(cart));
        } catch (error) {
          return error as Error;
        }
      });
      if (cart === stored || (await this.replace(stored, cart))) return outcomes;
      await pause(backoff(attempt, FIRST_PAUSE_MS, LONGEST_PAUSE_MS));
    }
    return changes.map(() => new Problem('OVERLOADED'));
  }

  private async orderedFrom({ _id: userId, items }: CartRecord): Promise<OrderedItem[]> {
    if (items.length === 0) return [];
    const orders = await this.store.orders
      .find({ userId, 'items.cartItem': { $in: items.map(({ id }) => id) } })
      .project<{ items: OrderedItem[] }>({ 'items.cartItem': 1, 'items.quantity': 1 })
      .toArray();
    return orders.flatMap((order) => order.items);
  }

  /** False: somebody else was faster. */
  private async replace({ _id, version }: CartRecord, cart: CartRecord): Promise<boolean> {
    const { _id: _same, ...fields } = cart;
    const next = { ...fields, version: version + 1, updatedAt: new Date() };
    try {
      const { matchedCount, upsertedCount } = await this.carts.replaceOne({ _id, version }, next, {
        upsert: version === 0,
      });
      return matchedCount + upsertedCount === 1;
    } catch (error) {
      // Two made the first cart of one user.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
