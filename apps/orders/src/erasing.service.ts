import { Injectable } from '@nestjs/common';
import { ERASED } from '@suite/contracts';
import { Types } from 'mongoose';
import { CartStore } from './cart-store';
import { OrderArchive } from './order-archive';

/** The country stays: what tax an order bore depends on it, and nobody is known by it. */
const erasedAddress = {
  street: ERASED.text,
  city: ERASED.text,
  state: ERASED.text,
  zipCode: ERASED.text,
  country: '$shippingAddress.country',
};

/** Of each entry of a list that may not be there. */
const each = (list: string, change: object) => ({
  $cond: [`$${list}`, { $map: { input: `$${list}`, as: 'entry', in: change } }, '$$REMOVE'],
});

const erased = {
  $set: {
    customer: { email: ERASED.email, name: ERASED.name },
    shippingAddress: { $cond: ['$shippingAddress', erasedAddress, '$$REMOVE'] },
    // With it, carriers tell whom they brought it to.
    shipments: each('shipments', { $unsetField: { field: 'trackingNumber', input: '$$entry' } }),
    // Nobody knows whom or what admins have written of.
    notes: each('notes', { $mergeObjects: ['$$entry', { text: ERASED.text }] }),
  },
};

/**
 * Forgets people. Their carts go; their orders stay with what accounting needs, under the id that is nobody's now, and
 * what is still on its way goes on. Safe to repeat, also for what arrives late.
 */
@Injectable()
export class ErasingService {
  constructor(
    private readonly carts: CartStore,
    private readonly archive: OrderArchive,
  ) {}

  async erase(id: string): Promise<void> {
    const userId = new Types.ObjectId(id);
    await this.carts.forget(userId);
    const [orders, archived] = this.archive.both;
    // The third is for those that have come back between the first two.
    for (const collection of [orders, archived, orders]) {
      await collection.updateMany({ userId, 'customer.email': { $ne: ERASED.email } }, [erased]);
    }
  }
}
