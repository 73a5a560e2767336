import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf, inTransaction } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { BucketsService } from './buckets.service';
import { shareWrite } from './counting.service';
import { FoldingService } from './folding.service';
import { OrderArchive } from './order-archive';
import { OrderRecord } from './order.schema';
import { newRebuild, type Rebuild, type ReportStateRecord } from './report-state.schema';
import { changeOf, countedFields, stateOf, type Change, type CountedState } from './share';
import { ShareRecord } from './share.schema';

/** Orders of one step. */
const STEP = 500;
const PROGRESS_MS = 2_000;

interface Step {
  rebuild?: Rebuild;
  mended: number;
  /** The generation that is read from now on. */
  built?: number;
}

/**
 * Builds all buckets anew from the orders, beside those that are read, while orders come in and are counted. A step folds
 * what was counted and takes some more orders, in one transaction: from then on the new buckets have these orders, and
 * get what changes of them. After the last step the new ones are read, and until then the old ones are kept up.
 */
@Injectable()
export class RebuildService {
  private readonly log = new Logger(RebuildService.name);

  constructor(
    @InjectModel(OrderRecord.name) private readonly orders: Model<OrderRecord>,
    @InjectModel(ShareRecord.name) private readonly shares: Model<ShareRecord>,
    private readonly archive: OrderArchive,
    private readonly buckets: BucketsService,
    private readonly folding: FoldingService,
  ) {}

  /** From the beginning to the end, or what is left of one that was begun. Says how far it is. */
  async rebuild(): Promise<void> {
    await this.begin();
    let saidAt = Date.now();
    const onStep = ({ orders }: Rebuild) => {
      if (Date.now() - saidAt < PROGRESS_MS) return;
      saidAt = Date.now();
      this.log.log(`${orders} orders so far`);
    };
    await this.advance({ onStep });
    const { orders, mended } = (await this.buckets.state())!.built!;
    this.log.log(`Built anew from ${orders} orders, of which ${mended} had not been counted as they are`);
  }

  /** Begins one, unless one is on its way. Whoever folds goes on with it. */
  begin(): Promise<void> {
    return inTransaction(this.orders.db, async (session) => {
      const { rebuild } = await this.buckets.open(session);
      if (!rebuild) await this.buckets.update({ $set: { rebuild: newRebuild() } }, session);
    });
  }

  /**
   * Takes steps until it is done or so many ms are over, and rests as long as it works: it is not urgent.
   * @returns how many orders were mended
   */
  async advance({ ms = Infinity, onStep }: { ms?: number; onStep?: (rebuild: Rebuild) => void }): Promise<number> {
    let mended = 0;
    for (const end = Date.now() + ms; Date.now() < end;) {
      const state = await this.buckets.state();
      if (state && !state.rebuild) break;
      const begun = performance.now();
      const step = await this.step();
      mended += step.mended;
      if (step.rebuild) onStep?.(step.rebuild);
      await pause(performance.now() - begun);
    }
    return mended;
  }

  /** How far it is after this step, and what this step has mended. */
  private async step(): Promise<Step> {
    const step = await inTransaction(this.orders.db, async (session): Promise<Step> => {
      const state = await this.buckets.open(session);
      // What was counted has to be folded before the orders it is of are taken.
      const caughtUp = state.rebuild && (await this.folding.foldSome(state, session));
      return caughtUp ? this.take(state, state.rebuild!, session) : { rebuild: state.rebuild, mended: 0 };
    });
    if (step.built !== undefined) await this.buckets.dropBefore(step.built);
    return step;
  }

  private async take({ generation }: ReportStateRecord, before: Rebuild, session: mongo.ClientSession): Promise<Step> {
    const orders = await this.next(before, session);
    const { changes, mended } = await this.count(orders, session);
    await this.buckets.add(changes, generation + 1, session);
    const rebuild: Rebuild = {
      ...before,
      after: orders.at(-1)?._id ?? before.after,
      orders: before.orders + orders.length,
      mended: before.mended + mended,
    };
    if (orders.length === STEP) {
      await this.buckets.update({ $set: { rebuild } }, session);
      return { rebuild, mended };
    }
    const built = { generation: generation + 1, built: rebuild };
    await this.buckets.update({ $set: built, $unset: { rebuild: 1 } }, session);
    return { rebuild, mended, built: generation + 1 };
  }

  /** The next orders by their ids, also those of the archive. */
  private async next({ after }: Rebuild, session: mongo.ClientSession): Promise<OrderRecord[]> {
    const found: OrderRecord[] = [];
    for (const orders of this.archive.both) {
      const some = orders
        .find(after ? { _id: { $gt: after } } : {}, { session })
        .sort({ _id: 1 })
        .limit(STEP);
      found.push(...(await some.project<OrderRecord>(countedFields).toArray()));
    }
    return found.sort((one, other) => (String(one._id) < String(other._id) ? -1 : 1)).slice(0, STEP);
  }

  /** What the orders add, as they are counted. Those that are not counted as they are, though nobody owes it, are mended. */
  private async count(
    orders: OrderRecord[],
    session: mongo.ClientSession,
  ): Promise<{ changes: Change[]; mended: number }> {
    const found = await this.shares.find({ _id: { $in: orders.map(({ _id }) => _id) } }, null, { session }).lean();
    const shares = new Map(found.map((share) => [String(share._id), share]));
    const wrong = orders.filter((order) => !isOwed(order) && !isCounted(order, shares.get(String(order._id))));
    const writes = wrong.map((order) => shareWrite(order, shares.get(String(order._id))));
    if (writes.length > 0) await collectionOf(this.shares).bulkWrite(writes, { session, ordered: false });
    const mended = new Set(wrong);
    const changes = orders.map((order) =>
      changeOf(order, undefined, mended.has(order) ? stateOf(order) : shares.get(String(order._id))),
    );
    return { changes, mended: wrong.length };
  }
}

/** Its last change is on its way to be counted. */
export const isOwed = ({ outbox, seq, counted = 0 }: OrderRecord): boolean =>
  outbox?.tell !== undefined && seq > counted;

function isCounted(order: OrderRecord, share: CountedState | undefined): boolean {
  const state = stateOf(order);
  if (!share) return state.status === 'PENDING';
  return (
    share.status === state.status &&
    share.refunded === state.refunded &&
    share.refundedUnits.every((units, i) => units === state.refundedUnits[i])
  );
}
