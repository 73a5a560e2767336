import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type ReplayDeadLetters, type ReplayRun } from '@suite/contracts';
import { currentContext, inTransaction, isDuplicateKey, requireAdmin } from '@suite/platform';
import { Types, type Model, type mongo } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';
import { fingerprintOf } from './new-order';
import { ReplayRunRecord } from './replay-run.schema';

/**
 * Replays of many dead letters: which and how fast is written down at once, and the reconciler carries it out, so that
 * neither a restart nor an impatient admin makes it faster or doubles it.
 */
@Injectable()
export class ReplayRunsService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    @InjectModel(ReplayRunRecord.name) private readonly runs: Model<ReplayRunRecord>,
  ) {}

  /** @throws Problem IDEMPOTENCY_KEY_REUSED */
  async schedule(body: ReplayDeadLetters): Promise<ReplayRun> {
    const by = new Types.ObjectId(requireAdmin().userId);
    const key = currentContext()?.idempotencyKey;
    const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprintOf(body) };
    try {
      const run = await inTransaction(this.letters.db, (session) => this.write(body, { by, idempotency }, session));
      return runView(run, false);
    } catch (error) {
      if (!idempotency || !isDuplicateKey(error)) throw error;
      const before = await this.runs.findOne({ by, 'idempotency.key': key }).orFail().lean();
      if (before.idempotency!.fingerprint !== idempotency.fingerprint) throw new Problem('IDEMPOTENCY_KEY_REUSED');
      return runView(before, true);
    }
  }

  /** Oldest first. Letters that another replay will come to are left to it. */
  private async write(
    { reason, limit = 100, perSecond = 10 }: ReplayDeadLetters,
    { by, idempotency }: Pick<ReplayRunRecord, 'by' | 'idempotency'>,
    session: mongo.ClientSession,
  ): Promise<ReplayRunRecord> {
    const found = await this.letters
      .find({ state: 'open', scheduled: { $exists: false }, ...(reason !== undefined && { reason }) })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .select({ _id: 1 })
      .session(session)
      .lean();
    const at = new Date();
    const dueAt = (index: number) => new Date(at.getTime() + (index * 1_000) / perSecond);
    const run: ReplayRunRecord = {
      _id: new Types.ObjectId(),
      by,
      ...(idempotency && { idempotency }),
      ...(reason !== undefined && { reason }),
      limit,
      perSecond,
      scheduled: found.length,
      ...(found.length > 0 && { until: dueAt(found.length - 1) }),
      at,
    };
    await this.runs.collection.insertOne(run, { session });
    const entry = { action: 'scheduled' as const, by: String(by), at };
    const writes = found.map(({ _id }, index) => ({
      updateOne: {
        filter: { _id },
        update: {
          $set: { scheduled: { at: dueAt(index), by: String(by), run: run._id, perSecond } },
          $push: { audit: entry },
        },
      },
    }));
    if (writes.length > 0) await this.letters.bulkWrite(writes, { session });
    return run;
  }
}

const runView = ({ _id, scheduled, until }: ReplayRunRecord, replayed: boolean): ReplayRun => ({
  id: String(_id),
  scheduled,
  until: until?.toISOString(),
  replayed,
});
