import { cursorAfter, following, pageOf, sortOf, type ListOrder } from '@suite/platform';
import type { mongo } from 'mongoose';
import type { OrderFilter } from './order-filter';
import type { OrderRecord } from './order.schema';

const newestFirst: ListOrder = { name: '-createdAt', by: 'createdAt', tie: '_id', direction: -1 };

export interface WantedPage {
  limit: number;
  page?: number;
  /** Wins over `page`. */
  cursor?: string;
}

export interface FoundPage {
  found: OrderRecord[];
  nextCursor?: string;
}

/** One page of some orders, newest first, each with all its fields or those asked for. */
export async function findPage(
  orders: mongo.Collection<OrderRecord>,
  { filter, hint }: OrderFilter,
  { limit, page = 1, cursor }: WantedPage,
  projection?: mongo.Document,
): Promise<FoundPage> {
  const after = cursor ?? (page === 1 ? undefined : await cursorAt(orders, { filter, hint }, (page - 1) * limit));
  if (after === undefined && page > 1) return { found: [] };
  const found = await orders
    .find(after === undefined ? filter : { $and: [filter, following(newestFirst, after)] })
    .hint(hint)
    .sort(sortOf(newestFirst))
    .limit(limit + 1)
    .project<OrderRecord>(projection ?? {})
    .toArray();
  const { shown, nextCursor } = pageOf(newestFirst, found, limit);
  return { found: shown, nextCursor };
}

/** Where a page begins that is asked for by its number: counted on the index alone, without looking at an order. */
async function cursorAt(
  orders: mongo.Collection<OrderRecord>,
  { filter, hint }: OrderFilter,
  skipped: number,
): Promise<string | undefined> {
  const [last] = await orders
    .find(filter)
    .hint(hint)
    .sort(sortOf(newestFirst))
    .project<OrderRecord>({ createdAt: 1 })
    .skip(skipped - 1)
    .limit(1)
    .toArray();
  return last && cursorAfter(newestFirst, last);
}
