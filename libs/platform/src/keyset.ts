import { Problem } from '@suite/contracts';
import { mongo } from 'mongoose';

const { EJSON, ObjectId } = mongo.BSON;

/**
 * Lists by keyset: a cursor holds the sort values of the last item shown, and the next page is what follows them on the
 * index. It costs the same at any depth, and what is inserted meanwhile neither repeats nor hides an item.
 */
export interface ListOrder {
  /** As clients know it; a cursor of another order is refused. */
  name: string;
  by: string;
  /** Decides among equals; unique together with `by`. */
  tie: string;
  direction: 1 | -1;
}

export const sortOf = ({ by, tie, direction }: ListOrder): Record<string, 1 | -1> => ({
  [by]: direction,
  [tie]: direction,
});

export function cursorAfter({ name, by, tie }: ListOrder, last: object): string {
  const values = last as Record<string, unknown>;
  return Buffer.from(EJSON.stringify([name, values[by], values[tie]])).toString('base64url');
}

/** One page of what was found where one more than `limit` was asked for: that one tells whether anything follows. */
export function pageOf<Item extends object>(
  order: ListOrder,
  found: Item[],
  limit: number,
): { shown: Item[]; nextCursor?: string } {
  const shown = found.slice(0, limit);
  return { shown, nextCursor: found.length > limit ? cursorAfter(order, shown[limit - 1]) : undefined };
}

/**
 * The filter for what follows a cursor. The outer bound is what lets MongoDB start in the middle of the index.
 * @throws Problem VALIDATION_FAILED for a cursor that was not given out for this order.
 */
export function following({ name, by, tie, direction }: ListOrder, cursor: string): Record<string, unknown> {
  const [order, value, last] = parse(cursor);
  if (order !== name || !isSortable(value) || !isSortable(last)) throw invalidCursor();
  const [beyond, from] = direction === 1 ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return { [by]: { [from]: value }, $or: [{ [by]: { [beyond]: value } }, { [tie]: { [beyond]: last } }] };
}

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = EJSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** Cursors come from outside: whatever could mean more than a value to MongoDB is refused. */
const isSortable = (value: unknown): boolean =>
  typeof value === 'string' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (value instanceof Date && !Number.isNaN(value.getTime())) ||
  value instanceof ObjectId;

const invalidCursor = () =>
  new Problem('VALIDATION_FAILED', 'The cursor is not one of this list', {
    errors: [{ path: 'cursor', message: 'cursor must be the nextCursor of a page of this list, in the same order' }],
  });
