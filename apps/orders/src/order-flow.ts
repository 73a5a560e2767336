import { Injectable } from '@nestjs/common';
import { stock, type ProcessOrder, type ReserveAnswer } from '@suite/contracts';
import { Bus, counter, failpoints, histogram, runInContext, WAITS } from '@suite/platform';
import { UnrecoverableError } from 'bullmq';
import { ClaimsService, crashesOf } from './claims.service';
import { FactsService } from './facts.service';
import { MovesService } from './moves.service';
import type { OrderRecord } from './order.schema';
import { OrdersConfig } from './orders.config';
import { SoloGate } from './solo-gate';

/** What became of a run; Bull Board shows it as the job's result. */
export type FlowOutcome = 'CONFIRMED' | 'FAILED' | 'nothing to do';

const BY = 'processor';
/** From so many crashes on an order runs alone: if it kills its worker again, it takes no neighbours with it. */
const ALONE_FROM = 2;

/**
 * The way of an order from PENDING to its end. Every step is safe to repeat: a worker may die between any two of them,
 * and the next one begins again at the top. What cannot be finished is undone by the reconciler, never in a `catch`,
 * which a crash would skip.
 */
@Injectable()
export class OrderFlow {
  private readonly gate = new SoloGate();
  private readonly waits = histogram(
    'orders_queue_wait_seconds',
    'From the acceptance of an order to its first claim, by lane, and whether ageing moved it forward',
    WAITS,
    ['lane', 'promoted'],
  );
  private readonly ended = counter('orders_processed_total', 'Runs of the flow, by what became of them', ['outcome']);

  constructor(
    private readonly claims: ClaimsService,
    private readonly moves: MovesService,
    private readonly facts: FactsService,
    private readonly bus: Bus,
    private readonly config: OrdersConfig,
  ) {}

  async run(job: ProcessOrder): Promise<FlowOutcome> {
    const order = await this.claims.find(job);
    if (!order) return 'nothing to do';
    const claimAndProcess = () => runInContext({ requestId: order.requestId }, () => this.claimed(order));
    // Before the claim: whoever waits at the gate holds none, and cannot be taken for one that crashed.
    return crashesOf(order) >= ALONE_FROM ? this.gate.alone(claimAndProcess) : this.gate.beside(claimAndProcess);
  }

  private async claimed(found: OrderRecord): Promise<FlowOutcome> {
    const order = await this.claims.take(found);
    if (!order) return 'nothing to do';
    if (found.claim === 0) this.measureWait(order);
    const outcome = await this.process(order);
    this.ended.inc({ outcome });
    return outcome;
  }

  private measureWait({ tier, createdAt, promotedAt }: OrderRecord): void {
    const labels = { lane: tier, promoted: String(promotedAt !== undefined) };
    this.waits.observe(labels, (Date.now() - createdAt.getTime()) / 1_000);
  }

  private async process(order: OrderRecord): Promise<FlowOutcome> {
    if (order.crashes >= this.config.PROCESSOR_MAX_CRASHES) {
      throw new UnrecoverableError(`CRASHED: its worker died or froze ${order.crashes} times`);
    }
    const ended = await this.orGiveBack(order, () => this.end(order));
    if (!ended) return 'nothing to do';
    if (failpoints) await failpoints.reach('order.moved', ended);
    await this.facts.tellAndNote(ended);
    return ended.status as FlowOutcome;
  }

  /** Undefined when somebody else has ended it, or given it up, in the meantime. */
  private async end(order: OrderRecord): Promise<OrderRecord | undefined> {
    if (failpoints) await failpoints.reach('order.claimed', order);
    const reservation = await this.reserve(order);
    if (failpoints) await failpoints.reach('order.reserved', order);
    if (reservation.outcome === 'released') return undefined;
    return reservation.outcome === 'insufficient' ? this.refuse(order, reservation) : this.confirm(order);
  }

  /** Nothing is paid online, so what is reserved is sold in the same step. Its undo is `CompensationService`. */
  private reserve(order: OrderRecord): Promise<ReserveAnswer> {
    const lines = order.items.map(({ stockId, quantity }) => ({ stockId: String(stockId), quantity }));
    const { epoch, tier } = order;
    return this.bus.ask(stock.reserve, { orderId: String(order._id), epoch, tier, lines, commit: true });
  }

  /** What confirms an order is the last thing that can happen in here; its undo is a cancellation. */
  private confirm(order: OrderRecord): Promise<OrderRecord | undefined> {
    return this.moves.move(order, { to: 'CONFIRMED', by: BY });
  }

  /** Refused by business: nothing was taken, so that there is nothing to undo. */
  private refuse(order: OrderRecord, { stockId }: ReserveAnswer): Promise<OrderRecord | undefined> {
    const short = order.items.find((item) => String(item.stockId) === stockId);
    const message = `There is not enough of ${short?.name ?? 'it'} in stock`;
    return this.moves.move(order, { to: 'FAILED', by: BY, failure: { code: 'INSUFFICIENT_STOCK', message } });
  }

  /** Weather: the job comes again later, and must not count as one whose worker died. */
  private async orGiveBack<T>(order: OrderRecord, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      await this.claims.giveBack(order).catch(() => undefined);
      throw error;
    }
  }
}
