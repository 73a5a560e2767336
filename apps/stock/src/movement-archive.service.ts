import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { collectionOf, counter, failpoints, inTransaction, Leases, MongoLink, Sweep } from '@suite/platform';
import type { Model, Types } from 'mongoose';
import { ArchivedMovementRecord } from './archived-movement.schema';
import { MovementRecord } from './movement.schema';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';
import { wholeVersions } from './whole-versions';

const LEASE = 'movement archive';
/** A holder that dies is followed after so many ms. */
const LEASE_MS = 10_000;
/** Documents of one transaction: more than one version of a stock ever has. */
const BATCH = 500;
/** How often it is tried, at most, to be the one who archives, in ms. */
const SWEEP_MS = 5_000;
const DAY_MS = 86_400_000;

/**
 * Puts old movements into the archive, one stock after the other, by one replica at a time. Of a stock its oldest versions
 * go, each as a whole: both collections together are the ledger, the archive first. It may be stopped anywhere.
 */
@Injectable()
export class MovementArchiveService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(MovementArchiveService.name);
  private readonly archivedTotal = counter(
    'movements_archived_total',
    'Movements put into the archive by this process',
  );
  private readonly sweep: Sweep;
  private restsUntil = 0;
  private stopping = false;

  constructor(
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
    @InjectModel(ArchivedMovementRecord.name) private readonly archived: Model<ArchivedMovementRecord>,
    private readonly leases: Leases,
    private readonly mongo: MongoLink,
    private readonly config: StockConfig,
  ) {
    const everyMs = Math.min(SWEEP_MS, config.MOVEMENT_ARCHIVE_EVERY_MS);
    this.sweep = new Sweep('movement archive', everyMs, () => this.lookThrough());
  }

  onApplicationBootstrap(): void {
    if (this.config.MOVEMENT_ARCHIVE_DAYS > 0) this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    this.stopping = true;
    return this.sweep.stop();
  }

  private async lookThrough(): Promise<void> {
    if (this.mongo.away || Date.now() < this.restsUntil) return;
    const before = new Date(Date.now() - this.config.MOVEMENT_ARCHIVE_DAYS * DAY_MS);
    const held = await this.leases.hold(LEASE, LEASE_MS, async (lost) => {
      let moved = 0;
      for await (const { _id } of collectionOf(this.stocks).find({}, { projection: { _id: 1 }, sort: { _id: 1 } })) {
        for (let some = BATCH; some > 0; moved += some) {
          if (lost.aborted || this.stopping) return undefined;
          some = await this.archive(_id, before);
        }
      }
      return moved;
    });
    if (held?.did === undefined) return;
    this.restsUntil = Date.now() + this.config.MOVEMENT_ARCHIVE_EVERY_MS;
    if (held.did > 0) this.log.log(`${held.did} movements went to the archive`);
  }

  /** The oldest versions of a stock that are older than that. @returns how many documents; 0: there are no more */
  private async archive(stockId: Types.ObjectId, before: Date): Promise<number> {
    const moved = await inTransaction(this.movements.db, async (session) => {
      const movements = collectionOf(this.movements);
      const oldest = await movements.find({ stockId }, { session, sort: { version: 1, n: 1 }, limit: BATCH }).toArray();
      const whole = wholeVersions(oldest, before, oldest.length === BATCH);
      if (whole.length === 0) return 0;
      const archivedAt = new Date();
      await collectionOf(this.archived).insertMany(
        whole.map((record) => ({ ...record, archivedAt })),
        { session },
      );
      if (failpoints) await failpoints.reach('movement.archiving', whole);
      await movements.deleteMany({ _id: { $in: whole.map(({ _id }) => _id) } }, { session });
      return whole.length;
    });
    this.archivedTotal.inc(moved);
    return moved;
  }
}
