import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { counter, gauge } from '@suite/platform';
import type { Model } from 'mongoose';
import { DeadLetterBoardService } from './dead-letter-board.service';
import { DeadLetterRecord } from './dead-letter.schema';
import type { OrderRecord } from './order.schema';

/** Only the reconciler writes dead letters. The collection is the truth; Bull Board shows what is in it. */
@Injectable()
export class DeadLettersService {
  private readonly log = new Logger(DeadLettersService.name);
  private readonly written = counter('dead_letters_written_total', 'Dead letters written, by cause', ['reason']);

  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly board: DeadLetterBoardService,
  ) {
    gauge('dead_letters_open', 'Open dead letters; the same on every replica', () =>
      this.letters.countDocuments({ state: 'open' }),
    );
  }

  /** Safe to repeat. */
  async write(order: OrderRecord): Promise<void> {
    const { _id: orderId, userId, number, tier, total, requestId, crashes, epoch, replays = 0 } = order;
    const { error = 'UNKNOWN', attempts = 0 } = order.cause ?? {};
    const reason = reasonOf(error);
    const what = { userId, number, tier, total, reason, error, attempts, crashes, requestId, replays };
    const { lastErrorObject, value } = await this.letters.findOneAndUpdate(
      { orderId, epoch },
      { $setOnInsert: { ...what, state: 'open', audit: [], at: new Date() } },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true, lean: true },
    );
    if (!lastErrorObject?.updatedExisting) {
      this.written.inc({ reason });
      await this.report(value!);
    }
    await this.board.show(value!);
  }

  /** Who has looked after all of them hears of the next one; a flood of one cause is said once. */
  private async report({ number, error }: DeadLetterRecord): Promise<void> {
    const first = (await this.letters.countDocuments({ state: 'open' }, { limit: 2 })) === 1;
    if (first) this.log.warn(`A dead letter, the first one open: order ${number}: ${error}`);
    else this.log.log(`Order ${number} is a dead letter: ${error}`);
  }
}

/** Errors of the suite begin with a code, which is what they are grouped by. */
export const reasonOf = (error: string): string => /^([A-Z][A-Z_]+)(?::|$)/.exec(error)?.[1] ?? 'UNKNOWN';
