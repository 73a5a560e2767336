import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, Types, type Model } from 'mongoose';
import type { LedgerRequest } from './ledger-decision';
import {
  idsOf,
  reservationPicture,
  reservationRecord,
  reservationWrite,
  stockWrite,
  type UpdateStatement,
} from './ledger-documents';
import type { LedgerChanges, LedgerPicture, StockPicture } from './ledger-draft';
import { LowStockRecord, lowStockRecord } from './low-stock.schema';
import { movementEntry, movementRecords } from './movement-documents';
import { MovementRecord } from './movement.schema';
import { ReservationRecord } from './reservation.schema';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

/** Longer than any batch holds a stock. */
const MAX_QUEUE_MS = 500;

/** What has a collection. */
type Kept = Pick<Model<unknown>, 'collection'>;

/** What a batch is decided on without reading it. Whatever is written then has to fail where a guess was wrong. */
export interface Guesses {
  /** No reservation of its order is there yet. */
  isFirst: (request: LedgerRequest) => boolean;
  /** Those of these stocks that are known. */
  stocks: (stockIds: string[]) => ReadonlyMap<string, StockPicture>;
}

const NONE: Guesses = { isFirst: () => false, stocks: () => new Map() };

/** Somebody else wrote first what this batch was decided on. */
export class LedgerConflict extends Error {}

/**
 * Reads and writes what a batch of the ledger touches, within one transaction. It speaks to the driver directly: the
 * documents are its own, and Mongoose's casting would cost more than all the rest of a batch.
 */
@Injectable()
export class LedgerStore {
  constructor(
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    @InjectModel(ReservationRecord.name) private readonly reservations: Model<ReservationRecord>,
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
    @InjectModel(LowStockRecord.name) private readonly lows: Model<LowStockRecord>,
    private readonly config: StockConfig,
  ) {}

  /** One snapshot, decided and written, all of it or nothing; known to the majority when it returns. */
  async transaction<T>(work: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    const session = this.stocks.db.getClient().startSession();
    try {
      session.startTransaction({
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', j: true },
        readPreference: 'primary',
      });
      const result = await work(session);
      // Also when nothing was written: only the commit says that what was read cannot be rolled back any more.
      await session.commitTransaction();
      return result;
    } finally {
      // Aborts what is still open.
      await session.endSession();
    }
  }

  /** What a batch has to know: read, all of it of one moment, but for what is guessed. */
  async read(requests: LedgerRequest[], session: mongo.ClientSession, guesses = NONE): Promise<LedgerPicture> {
    const adjusting = requests.filter((request) => request.kind === 'adjust');
    const ordering = requests.filter((request) => request.kind !== 'adjust');
    const orderIds = ordering.filter((request) => !guesses.isFirst(request)).map(({ orderId }) => orderId);
    const reservations = await this.find(this.reservations, orderIds, session);
    const known = new Map(reservations.map((record) => [String(record._id), reservationPicture(record)]));
    const lines = [
      ...ordering.flatMap((request) => (request.kind === 'reserve' ? request.lines : [])),
      ...[...known.values()].flatMap((reservation) => reservation.lines),
      ...adjusting,
    ];
    const stockIds = lines.map(({ stockId }) => stockId);
    const guessed = guesses.stocks(stockIds);
    const unknown = stockIds.filter((stockId) => !guessed.has(stockId));
    const stocks = await this.find(this.stocks, unknown, session);
    const movementIds = adjusting.map(({ movementId }) => movementId);
    const made = await this.find(this.movements, movementIds, session);
    return {
      reservations: known,
      stocks: new Map([...guessed, ...stocks.map((record) => [String(record._id), this.pictureOf(record)] as const)]),
      adjustments: new Map(made.map((record) => [String(record._id), movementEntry({ ...record, line: 0 })])),
    };
  }

  /** @throws LedgerConflict, or what MongoDB throws on a conflict. */
  async write(changes: LedgerChanges, session: mongo.ClientSession): Promise<void> {
    const { at, stocks, reservations, movements, crossings } = changes;
    // The stock documents come first: a batch that loses them to another replica has not written anything else yet.
    if ((await this.update(this.stocks, stocks.map(stockWrite), session)) < stocks.length) {
      throw new LedgerConflict('A stock has another version by now');
    }
    const records = reservations.filter(({ before }) => !before).map((change) => reservationRecord(change, at));
    await this.insert(this.reservations, records, session);
    const writes = reservations.filter(({ before }) => before).map((change) => reservationWrite(change, at));
    if ((await this.update(this.reservations, writes, session)) < writes.length) {
      throw new LedgerConflict('A reservation has changed');
    }
    await this.insert(this.movements, movementRecords(movements), session);
    const lows = crossings.map((crossing) => lowStockRecord(crossing, at));
    await this.insert(this.lows, lows, session);
  }

  /**
   * Waits until no transaction holds these stocks, and makes those lose that have read them but not written yet. Within a
   * transaction MongoDB never waits for another one, it fails: a replica that is always a little later than a busy
   * one would lose for seconds. A write outside of a transaction does wait, and whoever has made it begins ahead.
   */
  async queueUp(stockIds: string[]): Promise<void> {
    const turn = { $set: { turn: new Types.ObjectId() } };
    const options = { writeConcern: { w: 1 }, maxTimeMS: MAX_QUEUE_MS };
    // Only a courtesy: what is wrong shows itself at the next attempt.
    await this.stocks.collection.updateMany({ _id: { $in: idsOf(stockIds) } }, turn, options).catch(() => undefined);
  }

  private pictureOf(record: StockRecord): StockPicture {
    return { ...record, lowStockThreshold: record.lowStockThreshold ?? this.config.LOW_STOCK_THRESHOLD };
  }

  /** All in the first answer: by itself MongoDB sends no more than 101 and waits to be asked for the rest. */
  private find<Record>(model: Model<Record>, ids: string[], session: mongo.ClientSession): Promise<Record[]> {
    if (ids.length === 0) return Promise.resolve([]);
    const options = { session, batchSize: ids.length + 1 };
    return model.collection.find({ _id: { $in: idsOf(ids) } }, options).toArray() as Promise<Record[]>;
  }

  private async insert({ collection }: Kept, documents: object[], session: mongo.ClientSession): Promise<void> {
    if (documents.length > 0) await this.command({ insert: collection.name, documents }, session);
  }

  /** Returns how many matched. */
  private async update(
    { collection }: Kept,
    updates: UpdateStatement[],
    session: mongo.ClientSession,
  ): Promise<number> {
    if (updates.length === 0) return 0;
    return this.command({ update: collection.name, updates }, session);
  }

  /** The commands themselves, without the accounts of each document that the driver's bulk writes keep. */
  private async command(command: mongo.Document, session: mongo.ClientSession): Promise<number> {
    const { n, writeErrors } = await this.stocks.db.db!.command(command, { session });
    // What concerns one document comes as part of an answer that is well otherwise.
    if (writeErrors) throw new mongo.MongoServerError((writeErrors as mongo.ErrorDescription[])[0]);
    return n as number;
  }
}
