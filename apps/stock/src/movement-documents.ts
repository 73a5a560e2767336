import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { MovementEntry } from './ledger-draft';
import type { MovedOrder, MovementRecord } from './movement.schema';

/** Between the lines of the ledger, one an order, and the documents that hold one or several of them. */

/** One line of a document. */
export interface MovementLine extends Omit<MovementRecord, 'orders'> {
  /** From 0: which of the document's lines it is; its `n` is that of the line. */
  line: number;
  order?: MovedOrder;
}

/** How many lines a document has, as an expression of MongoDB. */
export const linesOf = { $cond: [{ $isArray: '$orders' }, { $size: '$orders' }, 1] };

/** Stages that take each document apart into its lines, the last one first. */
export const linesBackwards = [
  { $set: { line: { $range: [{ $subtract: [linesOf, 1] }, -1, -1] } } },
  { $unwind: '$line' },
  { $set: { n: { $add: ['$n', '$line'] }, order: { $arrayElemAt: ['$orders', '$line'] } } },
  { $unset: 'orders' },
];

/** Lines that follow each other and move one stock alike, each for an order, become one document. */
export function movementRecords(entries: MovementEntry[]): MovementRecord[] {
  const last = new Map<string, MovementRecord>();
  const records: MovementRecord[] = [];
  for (const entry of entries) {
    const record = last.get(entry.stockId);
    if (record?.orders && entry.orderId && movesAlike(record, entry)) {
      record.available += entry.available;
      record.reserved += entry.reserved;
      record.sold += entry.sold;
      record.orders.push(movedOrder(entry));
    } else {
      const next = recordOf(entry);
      last.set(entry.stockId, next);
      records.push(next);
    }
  }
  return records;
}

export function movementEntry({ _id, stockId, by, order, line, ...rest }: MovementLine) {
  const { available, reserved, sold } = rest;
  return {
    ...rest,
    id: order ? lineId(_id, line) : String(_id),
    stockId: String(stockId),
    ...(by && { by: String(by) }),
    ...(order && {
      orderId: String(order.orderId),
      available: Math.sign(available) * order.quantity,
      reserved: Math.sign(reserved) * order.quantity,
      sold: Math.sign(sold) * order.quantity,
    }),
  };
}

function recordOf({ id, stockId, version, n, kind, available, reserved, sold, at, ...rest }: MovementEntry) {
  const { orderId, by, reason } = rest;
  return {
    _id: new Types.ObjectId(id),
    stockId: new Types.ObjectId(stockId),
    ...{ version, n, kind, available, reserved, sold, at },
    ...(orderId && { orders: [movedOrder({ orderId, available, reserved, sold })] }),
    ...(by && { by: new Types.ObjectId(by) }),
    ...(reason !== undefined && { reason }),
  };
}

type Moved = Pick<MovementEntry, 'orderId' | 'available' | 'reserved' | 'sold'>;

/** An order moves one quantity: out of a counter, into a counter, or from one to another. */
const movedOrder = ({ orderId, available, reserved, sold }: Moved): MovedOrder => ({
  orderId: new Types.ObjectId(orderId),
  quantity: Math.max(Math.abs(available), Math.abs(reserved), Math.abs(sold)),
});

const movesAlike = (record: MovementRecord, entry: MovementEntry): boolean =>
  record.kind === entry.kind &&
  Math.sign(record.available) === Math.sign(entry.available) &&
  Math.sign(record.reserved) === Math.sign(entry.reserved) &&
  Math.sign(record.sold) === Math.sign(entry.sold);

/** Lines that share a document have an id each all the same, and the same one at every look. */
const lineId = (_id: Types.ObjectId, line: number): string =>
  createHash('sha256').update(`${_id.toHexString()}:${line}`).digest('hex').slice(0, 24);
