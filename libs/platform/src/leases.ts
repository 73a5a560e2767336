import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { isDuplicateKey } from './duplicate-keys';

/** Who may do what only one may do at a time, and until when, by MongoDB's clock. */
interface LeaseRecord {
  _id: string;
  holder: string;
  until: Date;
}

/** Leases in the service's own database: they outlive Redis, and the clocks of the hosts do not matter. */
export class Leases {
  private readonly me = randomUUID();

  constructor(private readonly connection: Connection) {}

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
      const lease = await this.records.findOneAndUpdate({ _id: name }, [mineIfFree], {
        upsert: true,
        returnDocument: 'after',
      });
      return lease?.holder === this.me;
    } catch (error) {
      // Two took it for the first time at once.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async giveBack(name: string): Promise<void> {
    await this.records.deleteOne({ _id: name, holder: this.me });
  }

  /**
   * Does work under a lease, which is renewed for as long as it takes. Undefined: somebody else has it. Where it cannot be
   * renewed in time the signal says so: somebody else may have begun.
   */
  async hold<T>(name: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<{ did: T } | undefined> {
    if (!(await this.take(name, ms))) return undefined;
    const lost = new AbortController();
    let heldUntil = performance.now() + ms;
    const renewal = setInterval(() => {
      const asked = performance.now();
      this.take(name, ms).then(
        (mine) => (mine ? (heldUntil = asked + ms) : lost.abort()),
        () => performance.now() > heldUntil && lost.abort(),
      );
    }, ms / 3);
    try {
      return { did: await work(lost.signal) };
    } finally {
      clearInterval(renewal);
      await this.giveBack(name).catch(() => undefined);
    }
  }

  private get records() {
    return this.connection.db!.collection<LeaseRecord>('leases');
  }
}
