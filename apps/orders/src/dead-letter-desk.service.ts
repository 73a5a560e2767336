import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  Problem,
  type ById,
  type DeadLetter,
  type DeadLetterGroups,
  type DeadLetterPage,
  type DeadLetterQuery,
  type DiscardDeadLetter,
  type ReplayedLetter,
} from '@suite/contracts';
import { currentContext, following, pageOf, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { DeadLetterBoardService } from './dead-letter-board.service';
import { DeadLetterRecord } from './dead-letter.schema';
import { deadLetterView } from './dead-letter.view';
import { OrdersConfig } from './orders.config';
import { ReplaysService } from './replays.service';

const newestFirst: ListOrder = { name: '-at', by: 'at', tie: '_id', direction: -1 };
const MAX_GROUPS = 1_000;

/** Where admins look through what was given up, and decide what becomes of it. */
@Injectable()
export class DeadLetterDeskService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly replays: ReplaysService,
    private readonly board: DeadLetterBoardService,
    private readonly config: OrdersConfig,
  ) {}

  async list({ state = 'open', reason, page = 1, limit = 20, cursor }: DeadLetterQuery): Promise<DeadLetterPage> {
    requireAdmin();
    const wanted = { state, ...(reason !== undefined && { reason }) };
    const [found, total] = await Promise.all([
      this.letters
        .find(cursor === undefined ? wanted : { ...wanted, ...following(newestFirst, cursor) })
        .sort(sortOf(newestFirst))
        .skip(cursor === undefined ? (page - 1) * limit : 0)
        .limit(limit + 1)
        .lean(),
      this.letters.countDocuments(wanted),
    ]);
    const { shown, nextCursor } = pageOf(newestFirst, found, limit);
    return { items: shown.map((letter) => this.view(letter)), meta: { total, page, limit, nextCursor } };
  }

  /** The open letters by what they died of, the most frequent first. */
  async groups(): Promise<DeadLetterGroups> {
    requireAdmin();
    const items = await this.letters.aggregate<{
      _id: string;
      open: number;
      customers: number;
      total: number;
      error: string;
      oldest: Date;
      newest: Date;
    }>([
      { $match: { state: 'open' } },
      { $sort: { at: 1 } },
      // By customer first, and then their groups together: a set of all customers would grow beyond a document's size.
      {
        $group: {
          _id: { reason: '$reason', userId: '$userId' },
          open: { $sum: 1 },
          total: { $sum: '$total' },
          error: { $last: '$error' },
          oldest: { $first: '$at' },
          newest: { $last: '$at' },
        },
      },
      { $sort: { newest: 1 } },
      {
        $group: {
          _id: '$_id.reason',
          open: { $sum: '$open' },
          customers: { $sum: 1 },
          total: { $sum: '$total' },
          error: { $last: '$error' },
          oldest: { $min: '$oldest' },
          newest: { $last: '$newest' },
        },
      },
      { $sort: { open: -1, _id: 1 } },
      { $limit: MAX_GROUPS },
    ]);
    return {
      items: items.map(({ _id, open, customers, total, error, oldest, newest }) => ({
        reason: _id,
        open,
        customers,
        total,
        currency: this.config.CURRENCY,
        error,
        oldest: oldest.toISOString(),
        newest: newest.toISOString(),
      })),
    };
  }

  /** @throws Problem DEAD_LETTER_NOT_FOUND */
  async get({ id }: ById): Promise<DeadLetter> {
    requireAdmin();
    return this.view(await this.find(id));
  }

  /** @throws Problem as `ReplaysService.replay` */
  async replay({ id }: ById): Promise<ReplayedLetter> {
    const { userId: by } = requireAdmin();
    const key = currentContext()?.idempotencyKey;
    const asked = { by, ...(key !== undefined && { key }) };
    const { letter, before } = await this.replays.replay(new Types.ObjectId(id), asked);
    return { letter: this.view(letter), replayed: before };
  }

  /** @throws Problem DEAD_LETTER_NOT_FOUND, ALREADY_REPLAYED, INVALID_TRANSITION */
  async discard({ id, reason }: DiscardDeadLetter): Promise<DeadLetter> {
    const { userId: by } = requireAdmin();
    const entry = { action: 'discarded', by, at: new Date(), reason };
    const letter = await this.letters
      .findOneAndUpdate(
        { _id: id, state: 'open' },
        { $set: { state: 'discarded' }, $unset: { scheduled: 1 }, $push: { audit: entry } },
        { returnDocument: 'after' },
      )
      .lean();
    if (!letter) {
      const { state } = await this.find(id);
      throw state === 'replayed'
        ? new Problem('ALREADY_REPLAYED')
        : new Problem('INVALID_TRANSITION', 'The dead letter was discarded before');
    }
    await this.board.hide(letter).catch(() => undefined);
    return this.view(letter);
  }

  private view(letter: DeadLetterRecord): DeadLetter {
    return deadLetterView(letter, this.config.CURRENCY);
  }

  private async find(id: string): Promise<DeadLetterRecord> {
    const letter = await this.letters.findById(id).lean();
    if (!letter) throw new Problem('DEAD_LETTER_NOT_FOUND');
    return letter;
  }
}
