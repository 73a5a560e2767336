import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { isDuplicateKey } from '@suite/platform';
import type { Model } from 'mongoose';
import { LeaseRecord } from './lease.schema';

/** Leases in MongoDB: they outlive Redis, and the clocks of the hosts do not matter. */
@Injectable()
export class LeasesService {
  private readonly me = randomUUID();

  constructor(@InjectModel(LeaseRecord.name) private readonly leases: Model<LeaseRecord>) {}

  /** Takes or renews a lease for so many ms. False: somebody else has it. */
  async take(name: string, ms: number): Promise<boolean> {
    const free = { $or: [{ $eq: ['$holder', this.me] }, { $lt: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }] };
    const mineIfFree = {
      $set: {
        holder: { $cond: [free, this.me, '$holder'] },
        until: { $cond: [free, { $add: ['$$NOW', ms] }, '$until'] },
      },
    };
    try {
      const lease = await this.leases.findOneAndUpdate({ _id: name }, [mineIfFree], {
        upsert: true,
        returnDocument: 'after',
        updatePipeline: true,
      });
      return lease?.holder === this.me;
    } catch (error) {
      // Two took it for the first time at once.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async giveBack(name: string): Promise<void> {
    await this.leases.deleteOne({ _id: name, holder: this.me });
  }
}
