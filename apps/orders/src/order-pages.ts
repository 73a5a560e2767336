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

/** Where orders are kept. */
type Kept = readonly mongo.Collection<OrderRecord>[];

/** One page of some orders, wherever they are kept, newest first, each with all its fields or those asked for. */
export async function findPage(
  kept: Kept,
  { filter, hint }: OrderFilter,
  { limit, page = 1, cursor }: WantedPage,
  projection?: mongo.Document,
): Promise<FoundPage> {
  const after = cursor ?? (page === 1 ? undefined : await cursorAt(kept, { filter, hint }, (page - 1) * limit));
  if (after === undefined && page > 1) return { found: [] };
  const wanted = after === undefined ? filter : { $and: [filter, following(newestFirst, after)] };
  const found: OrderRecord[] = [];
  // One after the other: what is moved to the next one meanwhile is found twice, and not missed.
  for (const orders of kept) {
    const some = orders
      .find(wanted)
      .hint(hint)
      .sort(sortOf(newestFirst))
      .limit(limit + 1);
    found.push(...(await some.project<OrderRecord>(projection ?? {}).toArray()));
  }
  const { shown, nextCursor } = pageOf(newestFirst, inOrder(found), limit);
  return { found: shown, nextCursor };
}

/** How many there are, wherever they are kept. */
export async function countOrders(kept: Kept, { filter, hint }: OrderFilter): Promise<number> {
  const counts = await Promise.all(kept.map((orders) => orders.countDocuments(filter, { hint })));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Each once. */
const inOrder = (found: OrderRecord[]): OrderRecord[] =>
  [...new Map(found.map((order) => [String(order._id), order])).values()].sort(newerFirst);

const newerFirst = (one: Place, other: Place): number =>
  other.createdAt.getTime() - one.createdAt.getTime() || (String(one._id) < String(other._id) ? 1 : -1);

type Place = Pick<OrderRecord, '_id' | 'createdAt'>;

/** Where a page begins that is asked for by its number: counted on the index alone, without looking at an order. */
async function cursorAt(kept: Kept, { filter, hint }: OrderFilter, skipped: number): Promise<string | undefined> {
  const found = kept.map((orders) =>
    orders.find(filter).hint(hint).sort(sortOf(newestFirst)).project<Place>({ createdAt: 1 }),
  );
  const filled = await Promise.all(kept.map((orders) => orders.findOne(filter, { hint, projection: { _id: 1 } })));
  const some = found.filter((_cursor, i) => filled[i]);
  const last = some.length === 1 ? await some[0].skip(skipped - 1).next() : await nth(some, skipped);
  return last ? cursorAfter(newestFirst, last) : undefined;
}

/** The n-th, from 1, of several that are each in order. */
async function nth(found: mongo.FindCursor<Place>[], n: number): Promise<Place | undefined> {
  const heads = await Promise.all(found.map((cursor) => cursor.next()));
  for (let seen = 1; ; seen++) {
    const [first] = heads.filter((head) => head !== null).sort(newerFirst);
    if (first === undefined || seen === n) return first;
    const of = heads.indexOf(first);
    heads[of] = await found[of].next();
  }
}
