import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem } from '@suite/contracts';
import { failpoints, inTransaction, isWeather } from '@suite/platform';
import { Types, type Model, type mongo } from 'mongoose';
import { DeadLetterBoardService } from './dead-letter-board.service';
import { DeadLetterRecord } from './dead-letter.schema';
import { DispatchService } from './dispatch.service';
import { moveOf } from './moves.service';
import type { OrderRecord } from './order.schema';
import { filterOf, OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';

interface Asked {
  /** The admin. */
  by: string;
  /** The idempotency key of the request. */
  key?: string;
}

interface Replayed {
  letter: DeadLetterRecord;
  /** As it is now; absent where the letter was replayed before. */
  order?: OrderRecord;
}

const BATCH = 200;

/** Sends orders that were given up on their way again: PENDING, in a new epoch, with a new job. */
@Injectable()
export class ReplaysService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly store: OrderStore,
    private readonly dispatch: DispatchService,
    private readonly board: DeadLetterBoardService,
    private readonly config: OrdersConfig,
  ) {}

  /**
   * The letter and its order change together. `before`: it was replayed by the same request already.
   * @throws Problem DEAD_LETTER_NOT_FOUND, ALREADY_REPLAYED, INVALID_TRANSITION, REPLAY_LIMIT_REACHED
   */
  async replay(id: Types.ObjectId, asked: Asked): Promise<{ letter: DeadLetterRecord; before: boolean }> {
    const { letter, order } = await inTransaction(this.letters.db, (session) => this.change(id, asked, session));
    if (order) {
      if (failpoints) await failpoints.reach('order.replayed', order);
      this.dispatch.send(order);
      // It is open no more; what cannot be taken off the board now, the next look at it will.
      await this.board.hide(letter).catch(() => undefined);
    }
    return { letter, before: order === undefined };
  }

  /** Replays what was scheduled and is due, at its pace also after a pause. Returns how many. */
  async replayDue(): Promise<number> {
    const due = await this.letters
      .find({ 'scheduled.at': { $lte: new Date() } })
      .sort({ 'scheduled.at': 1 })
      .limit(BATCH)
      .lean();
    if (due.length === 0) return 0;
    const pace = Math.ceil((due[0].scheduled!.perSecond * this.config.RELAY_EVERY_MS) / 1_000);
    const now = due.slice(0, pace);
    for (const letter of now) await this.replayOrSkip(letter);
    return now.length;
  }

  private async change(id: Types.ObjectId, asked: Asked, session: mongo.ClientSession): Promise<Replayed> {
    const letter = await this.letters.findById(id).session(session).lean();
    if (!letter) throw new Problem('DEAD_LETTER_NOT_FOUND');
    if (letter.state === 'replayed') return { letter: replayedBefore(letter, asked) };
    if (letter.state === 'discarded') throw new Problem('INVALID_TRANSITION', 'The dead letter was discarded');
    const key = { _id: letter.orderId, userId: letter.userId };
    const order = await this.store.orders.findOne(key, { session });
    if (order?.status !== 'FAILED' || order.epoch !== letter.epoch) {
      throw new Problem('INVALID_TRANSITION', 'There is nothing left to do for this order');
    }
    if ((order.replays ?? 0) >= this.config.DEAD_LETTER_MAX_REPLAYS) throw new Problem('REPLAY_LIMIT_REACHED');
    const { update, moved } = moveOf(order, { to: 'PENDING', by: asked.by, reason: 'Replayed', replay: true });
    await this.store.orders.updateOne(filterOf(update), update.update, { session });
    const entry = { action: 'replayed', at: moved.updatedAt, ...asked } as const;
    const changed = await this.letters
      .findByIdAndUpdate(id, { $set: { state: 'replayed' }, $unset: { scheduled: 1 }, $push: { audit: entry } })
      .setOptions({ session, returnDocument: 'after' })
      .lean();
    return { letter: changed!, order: moved };
  }

  /** What cannot be replayed any more is skipped, and says so. */
  private async replayOrSkip({ _id, scheduled }: DeadLetterRecord): Promise<void> {
    const { by } = scheduled!;
    try {
      await this.replay(_id, { by });
    } catch (error) {
      if (isWeather(error) || !(error instanceof Problem)) throw error;
      const entry = { action: 'skipped', by, at: new Date(), reason: error.message };
      await this.letters.updateOne({ _id }, { $unset: { scheduled: 1 }, $push: { audit: entry } });
    }
  }
}

/** @throws Problem ALREADY_REPLAYED unless it was by the very same request. */
function replayedBefore(letter: DeadLetterRecord, { by, key }: Asked): DeadLetterRecord {
  const entry = letter.audit.findLast(({ action }) => action === 'replayed');
  if (key === undefined || entry?.by !== by || entry.key !== key) throw new Problem('ALREADY_REPLAYED');
  return letter;
}
