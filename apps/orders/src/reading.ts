import { tiers, type Tier } from '@suite/contracts';
import type { PipelineStage } from 'mongoose';
import type { Snapshot } from '@suite/platform';
import { orderFilter } from './order-filter';
import type { OrderRecord } from './order.schema';
import type { ReportStateRecord } from './report-state.schema';
import { changeOf, countedFields, stateOf, type Change } from './share';
import type { ShareRecord } from './share.schema';
import { joined, type Cover, type Range } from './time-range';

/** A time whose figures are wanted, with the buckets that make it up. */
export interface Wanted extends Cover {
  range: Range;
}

/**
 * Figures as they stand at one moment, to the last order. The buckets have what was folded; on its way to them is what
 * was counted since (the tallies) and what changed and is not counted yet; at the ends of a range, where buckets are too
 * coarse, orders are counted one by one.
 */
export class Reading {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly tier: Tier | undefined,
  ) {}

  /** All that the buckets of these times lack (or have too much), each with the place of its time among them. */
  async *missing(wanted: Wanted[]): AsyncIterable<[place: number, change: Change]> {
    const open = await this.open();
    for await (const { changes } of this.rows<{ changes: Change[] }>('tallies', [])) {
      for (const change of changes) {
        const place = this.isWanted(change) ? wanted.findIndex((one) => isIn(bucketsOf(one), change.at)) : -1;
        if (place >= 0) yield [place, change];
      }
    }
    for (const { order, share } of open.values()) {
      const place = this.isWanted(order) ? wanted.findIndex(({ range }) => isIn(range, order.createdAt)) : -1;
      if (place >= 0) yield [place, changeOf(order, share, stateOf(order))];
    }
    for (const [place, { edges }] of wanted.entries()) {
      for (const { sign, ...range } of edges) {
        for await (const order of this.placedIn(range)) {
          const counted = open.get(String(order._id));
          const state = counted ? counted.share : stateOf(order);
          yield [place, sign === 1 ? changeOf(order, undefined, state) : changeOf(order, state, undefined)];
        }
      }
    }
  }

  /** How many orders wait in each of some times that follow each other without a gap. */
  async waiting(ranges: Range[]): Promise<number[]> {
    const limits = [...new Set([ranges[0].from, ...ranges.map(({ to }) => to)])].map((time) => new Date(time));
    if (limits.length < 2) return ranges.map(() => 0);
    const whole = { from: ranges[0].from, to: ranges.at(-1)!.to };
    const { filter, hint } = orderFilter({ status: 'PENDING', tier: this.tier, placed: whole });
    const rows = this.snapshot.aggregate<{ _id: Date; orders: number }>(
      'orders',
      [{ $match: filter }, { $bucket: { groupBy: '$createdAt', boundaries: limits, output: { orders: { $sum: 1 } } } }],
      hint,
    );
    const counts = new Map<number, number>();
    for await (const { _id, orders } of rows) counts.set(_id.getTime(), orders);
    return ranges.map(({ from, to }) => (from === to ? 0 : (counts.get(from) ?? 0)));
  }

  /** Which buckets of the generation that is read make up these times. */
  async match(wanted: Wanted[]): Promise<PipelineStage.Match> {
    const [state] = await all(this.rows<ReportStateRecord>('reportStates', []));
    const spans = joined(wanted.flatMap((one) => one.spans)).map(({ grain, from, to }) => ({
      grain,
      at: { $gte: new Date(from), $lt: new Date(to) },
    }));
    const inThem = spans.length > 0 ? { $or: spans } : { grain: 'none' };
    return {
      $match: { generation: state?.generation ?? 0, tier: { $in: this.tier ? [this.tier] : [...tiers] }, ...inThem },
    };
  }

  rows<Row>(collection: string, pipeline: PipelineStage[]): AsyncIterable<Row> {
    return this.snapshot.aggregate<Row>(collection, pipeline);
  }

  /** Orders whose last change is not counted yet, and how they were counted before. */
  private async open(): Promise<Map<string, { order: OrderRecord; share?: ShareRecord }>> {
    const orders = await all(
      this.rows<OrderRecord>('orders', [
        { $match: { 'outbox.tell': { $exists: true }, $expr: { $gt: ['$seq', { $ifNull: ['$counted', 0] }] } } },
        { $project: countedFields },
      ]),
    );
    const ids = orders.map(({ _id }) => _id);
    const shares = new Map<string, ShareRecord>();
    for await (const share of this.rows<ShareRecord>('shares', [{ $match: { _id: { $in: ids } } }])) {
      shares.set(String(share._id), share);
    }
    return new Map(orders.map((order) => [String(order._id), { order, share: shares.get(String(order._id)) }]));
  }

  private async *placedIn(placed: Range): AsyncIterable<OrderRecord> {
    const { filter, hint } = orderFilter({ tier: this.tier, placed });
    const pipeline = [{ $match: filter }, { $project: countedFields }];
    for (const collection of ['orders', 'ordersArchive']) {
      yield* this.snapshot.aggregate<OrderRecord>(collection, pipeline, hint);
    }
  }

  private isWanted({ tier }: { tier: Tier }): boolean {
    return this.tier === undefined || this.tier === tier;
  }
}

/** From the first bucket to the last. */
const bucketsOf = ({ spans }: Wanted): Range => ({ from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 });

export const isIn = ({ from, to }: Range, time: Date): boolean => from <= time.getTime() && time.getTime() < to;

export async function all<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const list: Row[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
