import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf, GroupCommit, inTransaction, isDuplicateKey, isWeather } from '@suite/platform';
import { Types, type Model, type mongo } from 'mongoose';
import type { OrderRecord } from './order.schema';
import { ShareRecord } from './share.schema';
import { changeOf, stateOf } from './share';
import { TallyRecord } from './tally.schema';

/**
 * Counts orders: once for each state, however often and by whomever. How an order was counted last, and by how much that
 * changes now, are written in one transaction; that what was counted two entries later comes first does not matter.
 * Whoever changes an order owes it to its outbox to have it counted, together with telling it.
 */
@Injectable()
export class CountingService {
  private readonly counting = new GroupCommit<OrderRecord, void>({
    name: 'order counts',
    commit: (orders) => this.countAll(orders),
    maxBatch: 256,
    concurrency: 2,
    separate: (error) => !isWeather(error),
  });

  constructor(
    @InjectModel(ShareRecord.name) private readonly shares: Model<ShareRecord>,
    @InjectModel(TallyRecord.name) private readonly tallies: Model<TallyRecord>,
  ) {}

  /** Safe to repeat. */
  count(order: OrderRecord): Promise<void> {
    return this.counting.add(order);
  }

  private async countAll(batch: OrderRecord[]): Promise<void[]> {
    const orders = latest(batch);
    for (;;) {
      try {
        await inTransaction(this.shares.db, (session) => this.write(orders, session));
        return batch.map(() => undefined);
      } catch (error) {
        // Somebody else counted one of them for the first time: now it is there to be read.
        if (!isDuplicateKey(error)) throw error;
      }
    }
  }

  private async write(orders: OrderRecord[], session: mongo.ClientSession): Promise<void> {
    const ids = orders.map(({ _id }) => _id);
    const found = await this.shares.find({ _id: { $in: ids } }, null, { session }).lean();
    const shares = new Map(found.map((share) => [String(share._id), share]));
    const newer = orders.filter(({ _id, seq }) => (shares.get(String(_id))?.seq ?? 0) < seq);
    if (newer.length === 0) return;
    const writes = newer.map((order) => shareWrite(order, shares.get(String(order._id))));
    await collectionOf(this.shares).bulkWrite(writes, { session, ordered: false });
    const changes = newer.map((order) => changeOf(order, shares.get(String(order._id)), stateOf(order)));
    await collectionOf(this.tallies).insertOne({ _id: new Types.ObjectId(), changes }, { session });
  }
}

/** How an order is counted from now on. */
export function shareWrite(
  order: OrderRecord,
  before: ShareRecord | undefined,
): mongo.AnyBulkWriteOperation<ShareRecord> {
  const { _id, seq } = order;
  const share = { seq, ...stateOf(order) };
  return before
    ? { updateOne: { filter: { _id }, update: { $set: share } } }
    : { insertOne: { document: { _id, ...share } } };
}

/** Of each order the one with the longest history. */
function latest(orders: OrderRecord[]): OrderRecord[] {
  const byId = new Map<string, OrderRecord>();
  for (const order of orders) {
    const other = byId.get(String(order._id));
    if (!other || other.seq < order.seq) byId.set(String(order._id), order);
  }
  return [...byId.values()];
}
