import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { counter, isWeather, Leases } from '@suite/platform';
import { ArchivingService } from './archiving.service';
import { AuditService } from './audit.service';
import { DeadLetterBoardService } from './dead-letter-board.service';
import { DebtsService } from './debts.service';
import { FoldingService } from './folding.service';
import { LanesService } from './lanes.service';
import { OrdersConfig } from './orders.config';
import { RebuildService } from './rebuild.service';
import { ReplaysService } from './replays.service';
import { UnpaidOrdersService } from './unpaid-orders.service';
import { WaitingOrdersService } from './waiting-orders.service';

const LEASE = 'reconciler';
/** A holder that dies is followed after so many ms. Two at once would do no harm, only work twice. */
const LEASE_MS = 5_000;
/** How long one turn goes on with building the reports' buckets anew, in ms: the others have to have their turn. */
const REBUILD_MS = 250;

interface Pass {
  name: string;
  everyMs: number;
  run: () => Promise<number>;
  dueAt: number;
  /** It may be left in the middle when the process ends. */
  onlyReads?: boolean;
  running?: Promise<void>;
}

/**
 * Mends what crashes, outages and lost messages leave behind. Driven by the state of the orders alone, under a lease in
 * MongoDB: a BullMQ schedule would die with Redis' memory, and this is what has to survive that.
 */
@Injectable()
export class ReconcilerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ReconcilerService.name);
  private readonly stopping = new AbortController();
  private readonly passes: Pass[];
  private readonly mended = counter('reconciler_mended_total', 'What its passes found and mended', ['what']);
  private running?: Promise<void>;

  constructor(
    private readonly leases: Leases,
    private readonly config: OrdersConfig,
    debts: DebtsService,
    waiting: WaitingOrdersService,
    lanes: LanesService,
    replays: ReplaysService,
    board: DeadLetterBoardService,
    folding: FoldingService,
    rebuild: RebuildService,
    unpaid: UnpaidOrdersService,
    archiving: ArchivingService,
    auditing: AuditService,
  ) {
    const { RELAY_EVERY_MS: soon, RECONCILE_EVERY_MS: later } = config;
    const pass = (name: string, everyMs: number, run: () => Promise<number>): Pass => ({
      name,
      everyMs,
      run,
      dueAt: 0,
    });
    this.passes = [
      pass('orders to tell again, since Redis was emptied', soon, () => waiting.noticeEmptiedRedis()),
      pass('orders enqueued by the relay', soon, () => debts.enqueue()),
      pass('orders told by the relay', soon, () => debts.tell()),
      pass('orders that gave back what they had taken', soon, () => debts.compensate()),
      pass('orders whose refunds were paid out by the relay', soon, () => debts.refund()),
      pass('orders that gave back what was refunded', soon, () => debts.restock()),
      pass('paid orders that sold what they held', soon, () => debts.commit()),
      pass('unpaid orders that were paid, or are over', soon, () => unpaid.check()),
      pass('standard orders that had waited long enough', soon, () => lanes.promote()),
      pass('dead letters replayed as was scheduled', soon, () => replays.replayDue()),
      pass('orders that the reports had missed', soon, async () => {
        await folding.fold();
        return rebuild.advance({ ms: REBUILD_MS });
      }),
      pass('waiting orders that had no live job', later, () => waiting.check()),
      pass('dead letters that the board had missed', later, () => board.sync()),
      { ...pass('drifts that an audit has found', later, () => auditing.recountWhenDue()), onlyReads: true },
      // That orders grow old is nothing to mend.
      pass('orders for the archive', later, () => archiving.advance().then(() => 0)),
    ];
  }

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const { running, onlyReads } of this.passes) if (!onlyReads) await running;
    await this.leases.giveBack(LEASE).catch(() => undefined);
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.turn().catch((error: Error) => this.complain(error));
      await pause(this.config.RELAY_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Side by side: one that is held up, by a store or by what a dead process has locked, must not hold up the others. */
  private async turn(): Promise<void> {
    if (!(await this.leases.take(LEASE, LEASE_MS))) return;
    for (const pass of this.passes) {
      if (this.stopping.signal.aborted || pass.running || Date.now() < pass.dueAt) continue;
      pass.dueAt = Date.now() + pass.everyMs;
      pass.running = this.run(pass)
        .catch((error: Error) => this.complain(error))
        .finally(() => (pass.running = undefined));
    }
  }

  /** One line when it mended something, none otherwise. */
  private async run({ name, run }: Pass): Promise<void> {
    const mended = await run();
    this.mended.inc({ what: name }, mended);
    if (mended > 0) this.log.warn(`${mended} ${name}`);
  }

  /** That a store is away has been said, once, by whoever watches it; the next turn tries again. */
  private complain(error: Error): void {
    if (!isWeather(error)) this.log.error(error);
  }
}
