import { Injectable } from '@nestjs/common';
import { Problem, type Reserve, type ReserveAnswer, type Restock, type SettleReservation } from '@suite/contracts';
import { counter, failpoints, GroupCommit, isDuplicateKey } from '@suite/platform';
import type { mongo } from 'mongoose';
import { decide, laneOf, type Adjusting, type LedgerAnswer, type LedgerRequest } from './ledger-decision';
import type { MovementEntry } from './ledger-draft';
import { LedgerConflict, LedgerStore } from './ledger-store';
import { RememberedStocks } from './remembered-stocks';
import { isTransient, isWriteConflict, patience, retrying } from './retrying';

const MAX_BATCH = 256;

interface Waiting {
  request: LedgerRequest;
  /** Ms since the epoch; later than this nobody listens. */
  until: number;
}

/**
 * Everything that moves stock goes through here: optimistic locking with group commit. What arrives while the last batch
 * is being written is read, decided and written together, in one transaction and with one version check a stock, so
 * that a hot product costs one write a batch and not one a buyer. Whoever meets a conflict (another replica) reads and
 * decides again: nobody is ever refused because of it.
 *
 * One batch is in flight at a time: two of one replica would only conflict with each other.
 */
@Injectable()
export class LedgerService {
  private readonly group = new GroupCommit<Waiting, LedgerAnswer>({
    name: 'ledger',
    commit: (batch) => this.settle(batch),
    maxBatch: MAX_BATCH,
    priority: ({ request }) => laneOf(request),
    separate: (error) => !(error instanceof Problem),
  });

  private readonly remembered = new RememberedStocks();
  private readonly conflicts = counter(
    'stock_conflicts_total',
    'Batches of the ledger that met another version, another transaction or a key that was there, and were decided again',
  );

  constructor(private readonly store: LedgerStore) {}

  /** @throws Problem STOCK_NOT_FOUND; SERVICE_UNAVAILABLE, as all of these, when MongoDB is away for too long. */
  reserve(body: Reserve): Promise<ReserveAnswer> {
    return this.ask<ReserveAnswer>({ kind: 'reserve', ...body });
  }

  /** @throws Problem INVALID_TRANSITION */
  async commit(body: SettleReservation): Promise<void> {
    await this.ask({ kind: 'commit', ...body });
  }

  async release(body: SettleReservation): Promise<void> {
    await this.ask({ kind: 'release', ...body });
  }

  /** @throws Problem INVALID_TRANSITION */
  async restock(body: Restock): Promise<void> {
    await this.ask({ kind: 'restock', ...body });
  }

  /** @throws Problem STOCK_NOT_FOUND, INSUFFICIENT_STOCK, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED */
  adjust(body: Adjusting): Promise<{ movement: MovementEntry; replayed: boolean }> {
    return this.ask({ kind: 'adjust', ...body });
  }

  private ask<Answer extends LedgerAnswer>(request: LedgerRequest): Promise<Answer> {
    // What `decide` answers is of the kind that was asked for.
    return this.group.add({ request, until: patience() }) as Promise<Answer>;
  }

  private settle(batch: Waiting[]): Promise<(LedgerAnswer | Problem)[]> {
    const last = Math.max(...batch.map(({ until }) => until));
    let stockIds: string[] = [];
    const attempt = async (before?: unknown) => {
      if (isConflict(before) || isDuplicateKey(before)) this.conflicts.inc();
      if (isConflict(before)) await this.store.queueUp(stockIds);
      const now = new Date();
      const listening = batch.filter(({ until }) => until > now.getTime());
      const requests = listening.map(({ request }) => request);
      if (before !== undefined) this.remembered.distrust(now.getTime());
      const decision = await this.store.transaction(async (session) => {
        const decision = await this.decide(requests, now, session, before !== undefined);
        stockIds = decision.stocks.map(({ stockId }) => stockId);
        await this.store.write(decision, session);
        if (failpoints) await failpoints.reach('stock.committing', requests);
        return decision;
      });
      if (failpoints) await failpoints.reach('stock.committed', requests);
      this.remembered.keep(decision.left, now.getTime());
      const answers = new Map(listening.map((waiting, i) => [waiting, decision.answers[i]]));
      return batch.map((waiting) => answers.get(waiting) ?? tooLate());
    };
    return retrying(attempt, last, isInTheWay);
  }

  /**
   * The first time on guesses, which are nearly always right: that a reservation is the first of its order, and that
   * stocks are as this replica has just left them. A wrong one shows when it is written, by a duplicate key or another
   * version, and then all is read. Only a refusal, which no write follows, has to be looked into at once.
   */
  private async decide(requests: LedgerRequest[], at: Date, session: mongo.ClientSession, again: boolean) {
    if (!again) {
      const stocks = (stockIds: string[]) => this.remembered.recall(stockIds, at.getTime());
      const decision = decide(await this.store.read(requests, session, { isFirst, stocks }), requests, at);
      if (!decision.answers.some(isRefusal)) return decision;
    }
    return decide(await this.store.read(requests, session), requests, at);
  }
}

const isFirst = (request: LedgerRequest): boolean => request.kind === 'reserve' && request.epoch === 0;

const isRefusal = (answer: LedgerAnswer | Problem): boolean =>
  answer instanceof Problem || ('outcome' in answer && answer.outcome === 'insufficient');

const tooLate = () => new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 });

const isConflict = (error: unknown): boolean => error instanceof LedgerConflict || isWriteConflict(error);

/** A duplicate key means that another replica has written the same order, or the same adjustment, in the meantime. */
const isInTheWay = (error: unknown): boolean => isConflict(error) || isDuplicateKey(error) || isTransient(error);
