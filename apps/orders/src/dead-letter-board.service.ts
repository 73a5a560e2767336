import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { DEAD_LETTER_QUEUE } from '@suite/contracts';
import type { Queue } from 'bullmq';
import type { Model } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';

/** More than anybody looks through there; the collection has them all. */
const SHOWN = 1_000;

/** The open dead letters as Bull Board shows them: a job each in a queue that nobody works on. */
@Injectable()
export class DeadLetterBoardService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    @InjectQueue(DEAD_LETTER_QUEUE) private readonly board: Queue,
  ) {}

  /** Safe to repeat. */
  async show(letter: DeadLetterRecord): Promise<void> {
    const { orderId, userId, number, tier, reason, error, attempts, crashes, requestId } = letter;
    const shown = { orderId, userId, number, tier, reason, error, attempts, crashes, requestId };
    await this.board.add('dead-letter', shown, { jobId: jobIdOf(letter), timestamp: letter.at.getTime() });
  }

  async hide(letter: Pick<DeadLetterRecord, '_id'>): Promise<void> {
    await this.board.remove(jobIdOf(letter));
  }

  /** The board after the collection, whatever was missed: a crash in between, an emptied Redis. Returns the changes. */
  async sync(): Promise<number> {
    const open = await this.letters.find({ state: 'open' }).sort({ at: -1, _id: -1 }).limit(SHOWN).lean();
    const wanted = new Map(open.map((letter) => [jobIdOf(letter), letter]));
    const jobs = await this.board.getJobs(['waiting']);
    const there = new Set(jobs.map(({ id }) => id));
    const stale = jobs.filter(({ id }) => !wanted.has(id!));
    const missing = [...wanted].filter(([id]) => !there.has(id));
    for (const { id } of stale) await this.board.remove(id!);
    for (const [, letter] of missing) await this.show(letter);
    return stale.length + missing.length;
  }
}

const jobIdOf = ({ _id }: Pick<DeadLetterRecord, '_id'>): string => `dead-${String(_id)}`;
