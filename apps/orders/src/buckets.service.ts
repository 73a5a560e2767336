import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf } from '@suite/platform';
import type { Connection, Model, mongo } from 'mongoose';
import { BucketSums } from './bucket-sums';
import { ProductBucketRecord } from './product-bucket.schema';
import { newRebuild, ReportStateRecord } from './report-state.schema';
import { SalesBucketRecord } from './sales-bucket.schema';
import type { Change } from './share';

const STATE = 'sales';

/** The buckets, and which of their generations is read. */
@Injectable()
export class BucketsService {
  constructor(
    @InjectModel(SalesBucketRecord.name) private readonly sales: Model<SalesBucketRecord>,
    @InjectModel(ProductBucketRecord.name) private readonly products: Model<ProductBucketRecord>,
    @InjectModel(ReportStateRecord.name) private readonly states: Model<ReportStateRecord>,
  ) {}

  get connection(): Connection {
    return this.states.db;
  }

  /** Undefined before anything was folded. */
  state(): Promise<ReportStateRecord | null> {
    return this.states.findById(STATE).lean().exec();
  }

  /**
   * The state, for whoever is about to change buckets: everybody writes it first, so that what follows in the same
   * transaction happens one after the other. A shop that has orders before it has buckets gets them built.
   */
  async open(session: mongo.ClientSession): Promise<ReportStateRecord> {
    const state = await this.states
      .findByIdAndUpdate(STATE, {
        $inc: { version: 1 },
        $setOnInsert: { generation: 0, rebuild: newRebuild() },
      })
      .setOptions({ session, upsert: true, returnDocument: 'after' })
      .lean();
    return state!;
  }

  async update(change: mongo.UpdateFilter<ReportStateRecord>, session: mongo.ClientSession): Promise<void> {
    await collectionOf(this.states).updateOne({ _id: STATE }, change, { session });
  }

  async add(changes: Change[], generation: number, session: mongo.ClientSession): Promise<void> {
    const sums = new BucketSums(changes);
    const [sales, products] = [sums.salesUpdates(generation), sums.productUpdates(generation)];
    if (sales.length > 0) await collectionOf(this.sales).bulkWrite(sales, { session, ordered: false });
    if (products.length > 0) await collectionOf(this.products).bulkWrite(products, { session, ordered: false });
  }

  /** Removes the buckets that nobody reads any more. */
  async dropBefore(generation: number): Promise<void> {
    const old = { generation: { $lt: generation } };
    await Promise.all([this.sales.deleteMany(old), this.products.deleteMany(old)]);
  }
}
