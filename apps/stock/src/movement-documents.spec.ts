import fc from 'fast-check';
import { Types } from 'mongoose';
import { at, idOf, orderIds, stockIds } from './memory-ledger';
import type { MovementEntry } from './ledger-draft';
import { movementEntry, movementRecords } from './movement-documents';
import type { MovementRecord } from './movement.schema';

const moves = [
  { kind: 'reservation', available: -1, reserved: 1, sold: 0 },
  { kind: 'commit', available: -1, reserved: 0, sold: 1 },
  { kind: 'commit', available: 0, reserved: -1, sold: 1 },
  { kind: 'release', available: 1, reserved: 0, sold: -1 },
] as const;
const ofOrders = fc
  .record({ move: fc.constantFrom(...moves), quantity: fc.integer({ min: 1, max: 9 }), order: fc.nat(4) })
  .map(({ move, quantity, order }) => ({
    kind: move.kind,
    available: move.available * quantity,
    reserved: move.reserved * quantity,
    sold: move.sold * quantity,
    orderId: orderIds[order],
  }));
const byHand = fc
  .integer({ min: -9, max: 9 })
  .map((available) => ({ kind: 'adjustment', available, reserved: 0, sold: 0, by: idOf(7), reason: 'Delivery' }));

/** What a batch decided: the moves of some stocks, in any order, numbered within each stock. */
const batches = fc
  .array(fc.tuple(fc.nat(2), fc.oneof({ weight: 4, arbitrary: ofOrders }, byHand)), { minLength: 1, maxLength: 30 })
  .map((chosen) => {
    const counts = [0, 0, 0];
    return chosen.map(([stock, move], i) => {
      const numbered = { stockId: stockIds[stock], version: 2 + stock, n: counts[stock]++, at };
      return { ...move, ...numbered, ...('by' in move && { id: idOf(100 + i) }) } as MovementEntry;
    });
  });

const linesOf = (record: MovementRecord): MovementEntry[] => {
  const { orders, ...rest } = record;
  if (!orders) return [movementEntry({ ...rest, line: 0 })];
  return orders.map((order, line) => movementEntry({ ...rest, n: rest.n + line, line, order }));
};
const byPlace = (a: MovementEntry, b: MovementEntry) =>
  a.stockId < b.stockId ? -1 : a.stockId > b.stockId ? 1 : a.n - b.n;
const withoutMadeUpId = ({ id, ...rest }: MovementEntry) => (rest.by ? { id, ...rest } : rest);

describe('movements as documents', () => {
  it('give back line by line what was decided, and add up to the same', () =>
    fc.assert(
      fc.property(batches, (entries) => {
        const records = movementRecords(entries);
        const lines = records.flatMap(linesOf).sort(byPlace);
        expect(lines.map(withoutMadeUpId)).toEqual([...entries].sort(byPlace));
        expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
        for (const stockId of stockIds) {
          const sum = (all: { stockId: unknown; available: number }[]) =>
            all.filter((one) => String(one.stockId) === stockId).reduce((total, one) => total + one.available, 0);
          expect(sum(records)).toBe(sum(entries));
        }
      }),
    ));

  it('are one document for all that buy the same thing in one batch', () => {
    const buy = (n: number): MovementEntry => ({
      ...{ stockId: stockIds[0], version: 2, n, kind: 'commit', available: -2, reserved: 0, sold: 2, at },
      orderId: orderIds[n],
    });
    expect(movementRecords([0, 1, 2].map(buy))).toEqual([
      {
        _id: expect.any(Types.ObjectId),
        stockId: new Types.ObjectId(stockIds[0]),
        ...{ version: 2, n: 0, kind: 'commit', available: -6, reserved: 0, sold: 6, at },
        orders: [0, 1, 2].map((n) => ({ orderId: new Types.ObjectId(orderIds[n]), quantity: 2 })),
      },
    ]);
  });
});
