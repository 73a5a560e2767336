import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LeaseRecord } from './lease.schema';

const DUPLICATE_KEY = 11_000;

/** Leases in MongoDB: they outlive Redis, and the clocks of the hosts do not matter. */
@Injectable()
export class LeasesService {
  private readonly me = randomUUID();

  constructor(@InjectModel(LeaseRecord.name) private readonly leases: Model<LeaseRecord>) {}

  /** Takes or renews a lease for so many ms. False: somebody else has it. */
  async take(name: string, ms: number): Promise<boolean> {
    const free = { $or: [{ holder: this.me }, { $expr: { $lt: ['$until', '$$NOW'] } }] };
    const mine = { $set: { holder: this.me, until: { $add: ['$$NOW', ms] } } };
    try {
      await this.leases.collection.updateOne({ _id: name as never, ...free }, [mine], { upsert: true });
      return true;
    } catch (error) {
      // It is there, and it is not free: the insert of the upsert met it.
      if ((error as { code?: number }).code === DUPLICATE_KEY) return false;
      throw error;
    }
  }

  async giveBack(name: string): Promise<void> {
    await this.leases.deleteOne({ _id: name, holder: this.me });
  }
}
