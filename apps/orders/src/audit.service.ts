import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { MAX_IN_MOTION, Problem, stock, type AuditReport, type OrderStatus, type StockUnits } from '@suite/contracts';
import { Bus, gauge, Recount, Snapshot } from '@suite/platform';
import { Redis } from 'ioredis';
import type { Connection, Types } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { OrdersConfig } from './orders.config';

/** What was sold in these stays sold, unless it is said to be restocked. */
const SOLD: OrderStatus[] = ['CONFIRMED', 'SHIPPED', 'DELIVERED', 'REFUNDED'];
/** An order that has waited for so many ms is not on its way any more: somebody has to look. */
const STUCK_MS = 10 * 60_000;

/** For people and for the metrics: when Redis is emptied, it is counted anew. */
const LAST = 'audit:last';

/** A worker may just be between stock and order, or stock is on its way: back, or from held to sold. */
const IN_MOTION = {
  $or: [
    { status: 'PENDING' },
    { 'outbox.compensate': { $exists: true } },
    { 'outbox.restock': { $exists: true } },
    { 'outbox.commit': { $exists: true } },
  ],
};

/** Recounts what is promised of orders, against the ledger of the stock service, both as they stood at one moment. */
@Injectable()
export class AuditService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly bus: Bus,
    private readonly redis: Redis,
    private readonly config: OrdersConfig,
  ) {
    gauge(
      'audit_drifting',
      'What the last audit found not to add up, by rule; the same on every replica, and nothing before the first one',
      async () => ((await this.last())?.checks ?? []).map(({ rule, drifting }) => [{ rule }, drifting]),
      ['rule'],
    );
  }

  /** When one that this process began of its own accord last failed, in ms since the epoch. */
  private failedAt = 0;

  /** @throws Problem OVERLOADED when too much is in motion, TIMEOUT when there is too much to count. */
  async audit(): Promise<AuditReport> {
    const snapshot = await Snapshot.now(this.connection);
    const inMotion = await this.inMotion(snapshot);
    const [ledger, ...own] = await Promise.all([
      this.bus.ask(stock.audit, { at: snapshot.moment, inMotion: inMotion.map(String) }),
      this.keys(snapshot),
      this.ends(snapshot),
      this.deadLetters(snapshot),
    ]);
    const checks = [...ledger.checks, await this.sold(snapshot, inMotion, ledger.units), ...own].map((counted) =>
      'check' in counted ? counted.check : counted,
    );
    const sound = checks.every(({ drifting }) => drifting === 0);
    const report: AuditReport = { sound, at: snapshot.date.toISOString(), checks };
    await this.redis.set(LAST, JSON.stringify(report)).catch(() => undefined);
    return report;
  }

  /** The newest one, whoever has made it. */
  async last(): Promise<AuditReport | undefined> {
    const text = await this.redis.get(LAST);
    return text === null ? undefined : (JSON.parse(text) as AuditReport);
  }

  /** Recounts where nobody has for AUDIT_EVERY_MINUTES. Returns how much does not add up. @throws Problem as `audit` */
  async recountWhenDue(): Promise<number> {
    const due = Date.now() - this.config.AUDIT_EVERY_MINUTES * 60_000;
    if (this.config.AUDIT_EVERY_MINUTES === 0 || this.failedAt > due) return 0;
    const last = await this.last();
    if (last && Date.parse(last.at) > due) return 0;
    try {
      const { checks } = await this.audit();
      return checks.reduce((sum, { drifting }) => sum + drifting, 0);
    } catch (error) {
      // Too much to count, mostly: at once it would be too much again.
      this.failedAt = Date.now();
      throw error;
    }
  }

  private async inMotion(snapshot: Snapshot): Promise<Types.ObjectId[]> {
    const rows = snapshot.aggregate<Pick<OrderRecord, '_id'>>('orders', [
      { $match: IN_MOTION },
      { $project: { _id: 1 } },
    ]);
    const ids: Types.ObjectId[] = [];
    for await (const { _id } of rows) if (ids.push(_id) > MAX_IN_MOTION) throw new Problem('OVERLOADED');
    return ids;
  }

  /** Across services: everything can balance within each of them while more is sold than there is. */
  private async sold(snapshot: Snapshot, inMotion: Types.ObjectId[], units: StockUnits[]): Promise<Recount> {
    const recount = new Recount('orders', 'what stocks hold and have sold is what their orders say');
    const left = new Map(units.map((one) => [one.stockId, one]));
    for (const [stockId, { held, sold }] of await takenByOrders(snapshot, inMotion)) {
      const taken = left.get(stockId) ?? { held: 0, sold: 0 };
      left.delete(stockId);
      const same = taken.held === held && taken.sold === sold;
      const detail = `its orders hold ${held} and have bought ${sold}; it says ${taken.held} and ${taken.sold}`;
      recount.look(stockId, same ? undefined : detail);
    }
    for (const { stockId, held, sold } of left.values()) {
      const detail = `it holds ${held} and has sold ${sold} for no order`;
      recount.look(stockId, held + sold === 0 ? undefined : detail);
    }
    return recount;
  }

  private async keys(snapshot: Snapshot): Promise<Recount> {
    const recount = new Recount('keys', 'one order for one idempotency key of a user');
    const rows = snapshot.aggregate<{ _id: { userId: Types.ObjectId; key: string }; orders: number }>('orders', [
      { $match: { 'idempotency.key': { $exists: true } } },
      { $group: { _id: { userId: '$userId', key: '$idempotency.key' }, orders: { $sum: 1 } } },
    ]);
    for await (const { _id, orders } of rows) {
      recount.look(_id.userId, orders === 1 ? undefined : `one key of this user has ${orders} orders`);
    }
    return recount;
  }

  private async ends(snapshot: Snapshot): Promise<Recount> {
    const recount = new Recount('ends', 'every order has ended, or is on its way');
    const rows = snapshot.aggregate<OrderRecord>('orders', [{ $match: { status: 'PENDING' } }]);
    const since = snapshot.date.getTime() - STUCK_MS;
    for await (const { _id, updatedAt } of rows) {
      recount.look(_id, updatedAt.getTime() > since ? undefined : `waits since ${updatedAt.toISOString()}`);
    }
    return recount;
  }

  private async deadLetters(snapshot: Snapshot): Promise<Recount> {
    const recount = new Recount('dead letters', 'every order that could not be processed has a dead letter');
    const rows = snapshot.aggregate<OrderRecord & { letters: object[] }>('orders', [
      { $match: { status: 'FAILED', 'failure.code': 'PROCESSING_FAILED', 'outbox.compensate': { $exists: false } } },
      { $lookup: { from: 'deadLetters', localField: '_id', foreignField: 'orderId', as: 'letters' } },
    ]);
    for await (const { _id, epoch, letters } of rows) {
      const known = letters.some((letter) => (letter as { epoch?: number }).epoch === epoch);
      recount.look(_id, known ? undefined : `was given up in epoch ${epoch}, and no dead letter says so`);
    }
    return recount;
  }
}

interface Units {
  held: number;
  sold: number;
}

/** By stock, what orders hold and have bought of it, those of the archive included. */
async function takenByOrders(snapshot: Snapshot, inMotion: Types.ObjectId[]): Promise<Map<string, Units>> {
  const taken = new Map<string, Units>();
  for (const collection of ['orders', 'ordersArchive']) {
    const rows = snapshot.aggregate<Units & { _id: Types.ObjectId }>(collection, [
      { $match: { status: { $in: [...SOLD, 'AWAITING_PAYMENT'] }, _id: { $nin: inMotion } } },
      { $unwind: '$items' },
      { $set: { units: { $subtract: ['$items.quantity', { $ifNull: ['$items.restocked', 0] }] } } },
      {
        $group: {
          _id: '$items.stockId',
          held: { $sum: { $cond: [{ $eq: ['$status', 'AWAITING_PAYMENT'] }, '$units', 0] } },
          sold: { $sum: { $cond: [{ $in: ['$status', SOLD] }, '$units', 0] } },
        },
      },
    ]);
    for await (const { _id, held, sold } of rows) {
      const before = taken.get(String(_id)) ?? { held: 0, sold: 0 };
      taken.set(String(_id), { held: before.held + held, sold: before.sold + sold });
    }
  }
  return taken;
}
