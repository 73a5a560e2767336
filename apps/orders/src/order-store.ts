import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { duplicateKeysOf, GroupCommit } from '@suite/platform';
import { mongo, type Model, type Types } from 'mongoose';
import { CART_ITEM_INDEX, IDEMPOTENCY_INDEX, NUMBER_INDEX, OrderRecord } from './order.schema';

/** Which order, wherever it is kept: `userId` is the sharding key and stands in every filter. */
export interface OrderKey {
  _id: Types.ObjectId;
  userId: Types.ObjectId;
}

export type InsertOutcome = 'inserted' | 'key-taken' | 'number-taken' | 'cart-item-taken';

export interface ConditionalUpdate {
  key: OrderKey;
  /** What has to be true still, besides the key. */
  condition: mongo.Filter<OrderRecord>;
  update: mongo.UpdateFilter<OrderRecord>;
  /** What is true only if this very update took effect; left out where nobody asks whether it did. */
  proof?: mongo.Filter<OrderRecord>;
}

const { BSON } = mongo;
const BATCH = 256;
/** Whatever else a filter names: which index serves it best is not to be found out each time. */
const BY_ID = '_id_';

/**
 * The writes of orders, many at once: what gathers while a write is in flight becomes one `insertMany` or `bulkWrite`, and
 * updates that say the same of many orders one `updateMany`, which costs MongoDB half. It goes past Mongoose to the driver, which spares the hot path the making of documents.
 */
@Injectable()
export class OrderStore {
  readonly orders: mongo.Collection<OrderRecord>;
  private readonly inserts = new GroupCommit<OrderRecord, InsertOutcome>({
    name: 'orders',
    commit: (orders) => this.insertAll(orders),
    maxBatch: BATCH,
    concurrency: 2,
    separate: () => false,
  });
  private readonly updates = new GroupCommit<ConditionalUpdate, boolean>({
    name: 'order updates',
    commit: (updates) => this.updateAll(updates),
    maxBatch: BATCH,
    concurrency: 2,
    separate: () => false,
  });

  private readonly reads = new GroupCommit<OrderKey, OrderRecord | undefined>({
    name: 'order reads',
    commit: (keys) => this.findAll(keys),
    maxBatch: BATCH,
    concurrency: 2,
    separate: () => false,
  });

  constructor(@InjectModel(OrderRecord.name) model: Model<OrderRecord>) {
    this.orders = model.collection as unknown as mongo.Collection<OrderRecord>;
  }

  /** Durable (majority and journal) when it resolves. */
  insert(order: OrderRecord): Promise<InsertOutcome> {
    return this.inserts.add(order);
  }

  /** Resolves to whether the condition held, and so the update took effect; means nothing without a `proof`. */
  updateIf(update: ConditionalUpdate): Promise<boolean> {
    return this.updates.add(update);
  }

  find(key: OrderKey): Promise<OrderRecord | undefined> {
    return this.reads.add(key);
  }

  private async findAll(keys: OrderKey[]): Promise<(OrderRecord | undefined)[]> {
    const [ids, userIds] = [keys.map(({ _id }) => _id), keys.map(({ userId }) => userId)];
    const found = await this.orders.find({ _id: { $in: ids }, userId: { $in: userIds } }, { hint: BY_ID }).toArray();
    const byId = new Map(found.map((order) => [textOf(order), order]));
    return keys.map((key) => byId.get(textOf(key)));
  }

  private async insertAll(orders: OrderRecord[]): Promise<InsertOutcome[]> {
    const outcomes = orders.map((): InsertOutcome => 'inserted');
    try {
      await this.orders.insertMany(orders, { ordered: false });
    } catch (error) {
      for (const { index, errmsg } of duplicateKeysOf(error)) {
        if (errmsg?.includes(IDEMPOTENCY_INDEX)) outcomes[index] = 'key-taken';
        else if (errmsg?.includes(NUMBER_INDEX)) outcomes[index] = 'number-taken';
        else if (errmsg?.includes(CART_ITEM_INDEX)) outcomes[index] = 'cart-item-taken';
        // Otherwise its own _id: a repeated write of an answer that was lost. It is there.
      }
    }
    return outcomes;
  }

  /** A bulk write tells how many matched, not which: when fewer did than were sent, the proofs are read back. */
  private async updateAll(updates: ConditionalUpdate[]): Promise<boolean[]> {
    const result = await this.orders.bulkWrite(alike(updates).map(operationOf), { ordered: false });
    if (result.matchedCount === updates.length) return updates.map(() => true);
    return Promise.all(updates.map((update) => this.tookEffect(update)));
  }

  private async tookEffect({ key, proof }: ConditionalUpdate): Promise<boolean> {
    return proof !== undefined && (await this.orders.countDocuments({ ...idOf(key), ...proof }, { limit: 1 })) > 0;
  }
}

const textOf = ({ _id, userId }: OrderKey): string => `${_id.toHexString()} ${userId.toHexString()}`;
const idOf = ({ _id, userId }: OrderKey): OrderKey => ({ _id, userId });

/** Those that say the same, whatever order they say it of. */
function alike(updates: ConditionalUpdate[]): ConditionalUpdate[][] {
  const groups = new Map<string, ConditionalUpdate[]>();
  for (const one of updates) {
    const { condition, update, proof } = one;
    const text = Buffer.from(BSON.serialize({ condition, update, proof })).toString('latin1');
    const group = groups.get(text);
    if (group) group.push(one);
    else groups.set(text, [one]);
  }
  return [...groups.values()];
}

function operationOf(group: ConditionalUpdate[]): mongo.AnyBulkWriteOperation<OrderRecord> {
  const [{ condition, update }] = group;
  const hint = BY_ID;
  if (group.length === 1) return { updateOne: { filter: filterOf(group[0]), update, hint } };
  const ids = { _id: { $in: group.map(({ key }) => key._id) }, userId: { $in: group.map(({ key }) => key.userId) } };
  return { updateMany: { filter: { ...ids, ...condition }, update, hint } };
}

/** For an update that is written by itself, within a transaction. */
export const filterOf = ({ key, condition }: ConditionalUpdate): mongo.Filter<OrderRecord> => ({
  ...idOf(key),
  ...condition,
});
