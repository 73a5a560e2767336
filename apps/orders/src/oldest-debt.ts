import type { DebtName } from '@suite/contracts';
import type { mongo } from 'mongoose';
import type { OrderRecord } from './order.schema';

export const pathOf = (debt: DebtName): string => `outbox.${debt}`;

/** Since when the oldest debt of a kind is owed, along its own index; undefined where none is. */
export async function oldestOwed(orders: mongo.Collection<OrderRecord>, debt: DebtName): Promise<Date | undefined> {
  const path = pathOf(debt);
  const oldest = await orders.findOne(
    { [path]: { $exists: true } },
    { sort: { [path]: 1 }, projection: { outbox: 1 }, hint: { [path]: 1 } },
  );
  return oldest?.outbox[debt];
}

/** 0 where there is nothing. Clocks of two machines may differ: nothing is younger than just now. */
export const ageMs = (since?: Date): number => (since ? Math.max(0, Date.now() - since.getTime()) : 0);
