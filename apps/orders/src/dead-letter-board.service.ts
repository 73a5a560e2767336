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
    const [open, jobIds] = await Promise.all([
      this.letters.find({ state: 'open' }, { _id: 1 }).sort({ at: -1, _id: -1 }).limit(SHOWN).lean(),
      this.board.getRanges(['waiting']),
    ]);
    const wanted = new Set(open.map(jobIdOf));
    const there = new Set(jobIds);
    const stale = jobIds.filter((id) => !wanted.has(id));
    const missing = open.filter((letter) => !there.has(jobIdOf(letter)));
    for (const id of stale) await this.board.remove(id);
    for (const { _id } of missing) {
      const letter = await this.letters.findOne({ _id, state: 'open' }).lean();
      if (letter) await this.show(letter);
    }
    return stale.length + missing.length;
  }
}

const jobIdOf = ({ _id }: Pick<DeadLetterRecord, '_id'>): string => `dead-${String(_id)}`;
