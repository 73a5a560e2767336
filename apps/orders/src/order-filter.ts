import { orderStatuses, tiers, type OrderStatus, type Tier } from '@suite/contracts';
import { Types, type mongo } from 'mongoose';
import { parseOrderNumber } from './order.number';
import { ALL_INDEX, NUMBER_INDEX, USER_INDEX, type OrderRecord } from './order.schema';
import { always, type Range } from './time-range';

export interface WantedOrders {
  userId?: string;
  status?: OrderStatus;
  tier?: Tier;
  /** When they were placed. */
  placed?: Range;
  /** As people write it. */
  number?: string;
}

export interface OrderFilter {
  filter: mongo.Filter<OrderRecord>;
  /** Name of the index that serves it, in the order of time. */
  hint: string;
}

/**
 * Any choice of orders in the order of time, from one of two indexes. Both begin with status and tier, each of which
 * takes few values: where one is not asked for, all its values are, and MongoDB merges the few sorted ranges (16 at most)
 * instead of sorting. An index for each combination would have to be written with every order.
 */
export function orderFilter({ userId, status, tier, placed = always, number }: WantedOrders): OrderFilter {
  const filter: mongo.Filter<OrderRecord> = {
    ...(userId !== undefined && { userId: new Types.ObjectId(userId) }),
    status: status ?? { $in: [...orderStatuses] },
    tier: tier ?? { $in: [...tiers] },
    createdAt: { $gte: new Date(placed.from), $lt: new Date(placed.to) },
  };
  // What cannot be a number is that of no order.
  if (number !== undefined)
    return { filter: { ...filter, number: parseOrderNumber(number) ?? '' }, hint: NUMBER_INDEX };
  return { filter, hint: userId === undefined ? ALL_INDEX : USER_INDEX };
}
