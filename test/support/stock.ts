import { randomUUID } from 'node:crypto';
import { Types } from 'mongoose';
import type { Db } from 'mongodb';
import { stock, type Caller, type CreateProduct, type Product, type Reserve } from '@suite/contracts';
import type { Wires } from './wires';

export const newId = (): string => new Types.ObjectId().toHexString();

export const someCaller = (more: Partial<Caller> = {}): Caller => ({
  userId: newId(),
  sessionId: newId(),
  role: 'user',
  tier: 'standard',
  email: 'jo@example.com',
  name: 'Jo Doe',
  ...more,
});

export const someAdmin = someCaller({ role: 'admin' });

/** A new product with its stock. */
export const someProduct = (wires: Wires, more: Partial<CreateProduct> = {}): Promise<Product> =>
  wires.ask(stock.createProduct, productBody(more), { caller: someAdmin });

export const productBody = (more: Partial<CreateProduct> = {}): CreateProduct => ({
  sku: `TEST-${randomUUID().slice(0, 8)}`,
  name: 'Sencha, first flush, 100 g',
  price: 1_999,
  initialStock: 10,
  ...more,
});

/** What an order of one line asks the stock for. */
export const reserveBody = (product: Product, quantity = 1, more: Partial<Reserve> = {}): Reserve => ({
  orderId: newId(),
  epoch: 0,
  tier: 'standard',
  commit: false,
  lines: [{ stockId: product.stock.id, quantity }],
  ...more,
});

const countersOf = (line: { available: number; reserved: number; sold: number }) => ({
  available: line.available,
  reserved: line.reserved,
  sold: line.sold,
});

/**
 * What the ledger of a stock says in four ways, which have to agree: the counters of the document, the sums of its
 * movements, and what its reservations hold and have sold. Read from the database, past the service.
 */
export async function audit(db: Db, stockId: string) {
  const id = new Types.ObjectId(stockId);
  const { version, received, ...rest } = (await db.collection<StockDocument>('stock').findOne({ _id: id }))!;
  const movements = await db.collection<MovementDocument>('movements').find({ stockId: id }).toArray();
  const replayed = movements.map(countersOf).reduce((a, b) => ({
    available: a.available + b.available,
    reserved: a.reserved + b.reserved,
    sold: a.sold + b.sold,
  }));
  const lines = await db
    .collection('reservations')
    .aggregate<{ _id: string; units: number }>([
      { $unwind: '$lines' },
      { $match: { 'lines.stockId': id } },
      { $group: { _id: '$state', units: { $sum: '$lines.quantity' } } },
    ])
    .toArray();
  const units = Object.fromEntries(lines.map(({ _id, units }) => [_id, units]));
  const counters = countersOf(rest);
  return {
    version,
    received,
    counters,
    replayed,
    held: units.held ?? 0,
    committed: units.committed ?? 0,
    versions: [...new Set(movements.map((movement) => movement.version))].sort((a, b) => a - b),
  };
}

interface StockDocument {
  _id: Types.ObjectId;
  available: number;
  reserved: number;
  sold: number;
  received: number;
  version: number;
}

type MovementDocument = Omit<StockDocument, 'received'> & { stockId: Types.ObjectId };

/** I1, I2 and I7, and that no version was skipped or written twice. */
export async function expectSound(db: Db, stockId: string): Promise<void> {
  const { version, received, counters, replayed, held, committed, versions } = await audit(db, stockId);
  expect(Math.min(...Object.values(counters))).toBeGreaterThanOrEqual(0);
  expect(counters.available + counters.reserved + counters.sold).toBe(received);
  expect(replayed).toEqual(counters);
  expect({ held, committed }).toEqual({ held: counters.reserved, committed: counters.sold });
  expect(versions).toEqual(Array.from({ length: version }, (_, i) => i + 1));
}
