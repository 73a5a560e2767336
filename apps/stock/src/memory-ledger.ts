import type { Reserve } from '@suite/contracts';
import type { LedgerPicture, MovementEntry, ReservationPicture, StockPicture } from './ledger-draft';
import { decide, type Decision, type LedgerRequest } from './ledger-decision';

export const at = new Date('2026-05-04T12:00:00.000Z');
export const idOf = (n: number) => n.toString(16).padStart(24, '0');
export const stockIds = [1, 2, 3].map(idOf);
/** At or below so many a stock in memory is low. */
export const LOW_AT = 3;
export const orderIds = [11, 12, 13, 14, 15].map(idOf);

/** The database in memory: applies what a decision says, as the one transaction would. */
export class MemoryLedger implements LedgerPicture {
  readonly stocks = new Map<string, StockPicture>();
  readonly reservations = new Map<string, ReservationPicture>();
  readonly adjustments = new Map<string, MovementEntry>();
  readonly movements: MovementEntry[] = [];
  readonly initial: number[];

  constructor(...available: number[]) {
    this.initial = available;
    available.forEach((n, i) =>
      this.stocks.set(stockIds[i], { available: n, reserved: 0, sold: 0, version: 1, lowStockThreshold: LOW_AT }),
    );
  }

  run(...requests: LedgerRequest[]): Decision {
    const decision = decide(this, requests, at);
    for (const { stockId, version, available, reserved, sold } of decision.stocks) {
      const stock = this.stocks.get(stockId)!;
      if (version !== stock.version) throw new Error(`decided on version ${version}, but it is ${stock.version}`);
      this.stocks.set(stockId, {
        ...stock,
        available: stock.available + available,
        reserved: stock.reserved + reserved,
        sold: stock.sold + sold,
        version: version + 1,
      });
    }
    for (const { orderId, before, ...now } of decision.reservations) {
      if (before !== this.reservations.get(orderId)) throw new Error(`${orderId} was decided on something else`);
      this.reservations.set(orderId, now);
    }
    for (const movement of decision.movements) {
      this.movements.push(movement);
      if (movement.id) this.adjustments.set(movement.id, movement);
    }
    return decision;
  }

  answer(request: LedgerRequest) {
    return this.run(request).answers[0];
  }
}

export const reserve = (order: number, epoch: number, lines: [number, number][], more: Partial<Reserve> = {}) => ({
  kind: 'reserve' as const,
  orderId: orderIds[order],
  epoch,
  tier: 'standard' as const,
  commit: false,
  lines: lines.map(([stock, quantity]) => ({ stockId: stockIds[stock], quantity })),
  ...more,
});
export const commit = (order: number, epoch: number) => ({ kind: 'commit' as const, orderId: orderIds[order], epoch });
export const release = (order: number, epoch: number) => ({
  kind: 'release' as const,
  orderId: orderIds[order],
  epoch,
});
export const restock = (order: number, epoch: number, totals: [number, number][]) => ({
  kind: 'restock' as const,
  orderId: orderIds[order],
  epoch,
  lines: totals.map(([stock, quantity]) => ({ stockId: stockIds[stock], quantity })),
});
export const adjust = (stock: number, delta: number, key = 91, reason = 'Delivery') => ({
  kind: 'adjust' as const,
  stockId: stockIds[stock],
  delta,
  reason,
  as: 'adjustment' as const,
  movementId: idOf(key),
  by: idOf(7),
});
