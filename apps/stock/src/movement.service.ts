import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  Problem,
  type AdjustStock,
  type Adjustment,
  type MovementPage,
  type MovementQuery,
  type ReceiveStock,
} from '@suite/contracts';
import { currentContext, following, pageOf, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import { Types, type Model, type PipelineStage } from 'mongoose';
import { ArchivedMovementRecord } from './archived-movement.schema';
import type { Adjusting } from './ledger-decision';
import { LedgerService } from './ledger.service';
import { linesBackwards, linesOf, movementEntry, type MovementLine } from './movement-documents';
import { movementIdOf } from './movement-id';
import { MovementRecord } from './movement.schema';
import { movementView } from './movement.view';
import { StockRecord } from './stock.schema';

const newest: ListOrder = { name: 'newest', by: 'version', tie: 'n', direction: -1 };

/** The ledger as admins read it, and their own lines in it. */
@Injectable()
export class MovementService {
  constructor(
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
    @InjectModel(ArchivedMovementRecord.name) private readonly archived: Model<MovementRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly ledger: LedgerService,
  ) {}

  /** @throws Problem STOCK_NOT_FOUND, INSUFFICIENT_STOCK, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED */
  adjust(body: AdjustStock): Promise<Adjustment> {
    return this.move({ ...body, as: 'adjustment' });
  }

  /** @throws Problem STOCK_NOT_FOUND, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED */
  receive({ quantity, ...body }: ReceiveStock): Promise<Adjustment> {
    return this.move({ ...body, delta: quantity, as: 'receipt' });
  }

  private async move(body: Pick<Adjusting, 'as' | 'stockId' | 'delta' | 'reason'>): Promise<Adjustment> {
    const { userId } = requireAdmin();
    const movementId = movementIdOf(userId, currentContext()?.idempotencyKey);
    const { movement, replayed } = await this.ledger.adjust({ ...body, movementId, by: userId });
    return { ...movementView({ ...movement, id: movementId }), replayed };
  }

  /** Newest first, line by line. @throws Problem STOCK_NOT_FOUND */
  async list({ stockId, page = 1, limit = 20, cursor }: MovementQuery): Promise<MovementPage> {
    requireAdmin();
    const ofStock = { stockId: new Types.ObjectId(stockId) };
    const after = cursor ? following(newest, cursor) : {};
    const skip = cursor ? 0 : (page - 1) * limit;
    const [recent, lines, older] = await Promise.all([
      this.movements.aggregate<MovementLine>(linesFrom(ofStock, after, skip, limit + 1)),
      this.count(this.movements, ofStock),
      this.count(this.archived, ofStock),
    ]);
    // A stock without movements does not exist: it begins with a receipt.
    if (lines + older === 0) throw new Problem('STOCK_NOT_FOUND', undefined, { stockId });
    const found = [...recent];
    if (older > 0 && recent.length <= limit) {
      // What is older than all that was not archived.
      const beyond = recent.length > 0 ? { version: { $lt: recent.at(-1)!.version } } : {};
      const rest = linesFrom({ ...ofStock, ...beyond }, after, Math.max(0, skip - lines), limit + 1 - recent.length);
      found.push(...(await this.archived.aggregate<MovementLine>(rest)));
    }
    const { shown, nextCursor } = pageOf(newest, found, limit);
    return {
      items: shown.map((line) => movementView(movementEntry(line))),
      meta: { total: lines + older, page, limit, nextCursor },
    };
  }

  private async count(movements: Model<MovementRecord>, ofStock: object): Promise<number> {
    const [count] = await movements.aggregate<{ lines: number }>([
      { $match: ofStock },
      { $group: { _id: null, lines: { $sum: linesOf } } },
    ]);
    return count?.lines ?? 0;
  }
}

const linesFrom = (ofStock: object, after: object, skip: number, limit: number): PipelineStage[] => [
  { $match: { $and: [ofStock, after] } },
  { $sort: sortOf(newest) },
  ...linesBackwards,
  // Of the document in which the last page ended, only the lines that were not shown.
  { $match: after },
  { $skip: skip },
  { $limit: limit },
];
