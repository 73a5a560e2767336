import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { DEAD_LETTER_QUEUE } from '@suite/contracts';
import type { Queue } from 'bullmq';
import type { Model } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';
import type { OrderRecord } from './order.schema';

/** Only the reconciler writes dead letters. The collection is the truth; the queue shows them on Bull Board. */
@Injectable()
export class DeadLettersService {
  private readonly log = new Logger(DeadLettersService.name);

  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    @InjectQueue(DEAD_LETTER_QUEUE) private readonly board: Queue,
  ) {}

  /** Safe to repeat. */
  async write(order: OrderRecord): Promise<void> {
    const { _id: orderId, userId, number, tier, requestId, crashes, epoch } = order;
    const { error = 'unknown', attempts = 0 } = order.cause ?? {};
    const _id = `${String(orderId)}-${epoch}`;
    const letter = {
      orderId,
      userId,
      number,
      tier,
      error,
      attempts,
      crashes,
      requestId,
      state: 'open',
      at: new Date(),
    };
    const { upsertedCount } = await this.letters.updateOne({ _id }, { $setOnInsert: letter }, { upsert: true });
    if (upsertedCount > 0) this.log.warn(`Order ${number} is a dead letter: ${error}`);
    const shown = { orderId, userId, number, tier, error, attempts, crashes, requestId };
    await this.board.add('dead-letter', shown, { jobId: `dead-${_id}` });
  }
}
