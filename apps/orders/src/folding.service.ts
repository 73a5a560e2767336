import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf, inTransaction } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { BucketsService } from './buckets.service';
import type { ReportStateRecord } from './report-state.schema';
import { TallyRecord } from './tally.schema';

/** The most tallies of one transaction; each is of at most 256 orders. */
const BATCH = 100;

/** Folds into the buckets what was counted since the last time: many orders, but few buckets. */
@Injectable()
export class FoldingService {
  constructor(
    @InjectModel(TallyRecord.name) private readonly tallies: Model<TallyRecord>,
    private readonly buckets: BucketsService,
  ) {}

  /** All that there is now, and no more: under load there are always new ones, and others wait for this to end. */
  async fold(): Promise<void> {
    const newest = await this.tallies.findOne({}, { _id: 1 }).sort({ _id: -1 }).lean();
    while (newest && (await this.tallies.exists({ _id: { $lte: newest._id } }))) {
      await inTransaction(this.tallies.db, async (session) => {
        await this.foldSome(await this.buckets.open(session), session);
      });
    }
  }

  /** The oldest tallies; false: there may be more. Buckets that are being built get what belongs to orders they have. */
  async foldSome({ generation, rebuild }: ReportStateRecord, session: mongo.ClientSession): Promise<boolean> {
    const tallies = await this.tallies.find({}, null, { session }).sort({ _id: 1 }).limit(BATCH).lean();
    const changes = tallies.flatMap((tally) => tally.changes);
    await this.buckets.add(changes, generation, session);
    if (rebuild?.after) {
      const last = rebuild.after.toHexString();
      const had = changes.filter(({ orderId }) => orderId.toHexString() <= last);
      await this.buckets.add(had, generation + 1, session);
    }
    await collectionOf(this.tallies).deleteMany({ _id: { $in: tallies.map(({ _id }) => _id) } }, { session });
    return tallies.length < BATCH;
  }
}
