import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf, failpoints, inTransaction } from '@suite/platform';
import type { Model, mongo, Types } from 'mongoose';
import { ArchivedOrderRecord } from './archived-order.schema';
import { OrderRecord } from './order.schema';

/**
 * Where ended orders are kept, beside those that move. An order goes there and comes back in one transaction, so that
 * whoever reads one moment finds it once.
 */
@Injectable()
export class OrderArchive {
  readonly archived: mongo.Collection<ArchivedOrderRecord>;
  private readonly orders: mongo.Collection<OrderRecord>;

  constructor(
    @InjectModel(OrderRecord.name) private readonly model: Model<OrderRecord>,
    @InjectModel(ArchivedOrderRecord.name) archived: Model<ArchivedOrderRecord>,
  ) {
    this.orders = collectionOf(model);
    this.archived = collectionOf(archived);
  }

  /** Both, in the order in which a reader finds an order that is just being moved: twice, rather than not at all. */
  get both(): mongo.Collection<OrderRecord>[] {
    return [this.orders, this.archived as unknown as mongo.Collection<OrderRecord>];
  }

  /** One order, wherever it is. */
  async find(filter: mongo.Filter<OrderRecord>, projection?: mongo.Document): Promise<OrderRecord | undefined> {
    // The third look is for one that has come back between the first two.
    for (const collection of [...this.both, this.orders]) {
      const order = await collection.findOne(filter, { projection });
      if (order) return order;
    }
    return undefined;
  }

  /** Moves those of some orders that are still as the condition says. @returns how many */
  archive(ids: Types.ObjectId[], condition: mongo.Filter<OrderRecord>): Promise<number> {
    return inTransaction(this.model.db, async (session) => {
      const found = await this.orders.find({ ...condition, _id: { $in: ids } }, { session }).toArray();
      if (found.length === 0) return 0;
      const archivedAt = new Date();
      await this.archived.bulkWrite(
        found.map((order) => ({
          replaceOne: { filter: keyOf(order), replacement: { ...order, archivedAt }, upsert: true },
        })),
        { session, ordered: false },
      );
      if (failpoints) await failpoints.reach('order.archiving', found);
      await this.orders.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } }, { session });
      return found.length;
    });
  }

  /**
   * An order of the archive as one that can be changed again; undefined: there is none. Its idempotency key has served its
   * time, and may be that of another order by now.
   */
  bringBack(filter: { _id: Types.ObjectId; userId?: Types.ObjectId }): Promise<OrderRecord | undefined> {
    return inTransaction(this.model.db, async (session) => {
      const found = await this.archived.findOne(filter, { session });
      if (!found) return undefined;
      const { archivedAt: _when, idempotency: _key, ...order } = found;
      await this.orders.replaceOne(keyOf(order), order, { upsert: true, session });
      await this.archived.deleteOne(keyOf(order), { session });
      return order;
    });
  }
}

const keyOf = ({ _id, userId }: Pick<OrderRecord, '_id' | 'userId'>) => ({ _id, userId });
