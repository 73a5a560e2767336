import { Injectable } from '@nestjs/common';
import { payments, type ProcessOrder, type ReserveAnswer } from '@suite/contracts';
import { Bus, counter, durationMs, failpoints, histogram, inSpan, MOMENTS, thisTurn, WAITS } from '@suite/platform';
import { UnrecoverableError } from 'bullmq';
import { ClaimsService, deathsOf } from './claims.service';
import { FactsService } from './facts.service';
import { MovesService, type Move } from './moves.service';
import { contextOf } from './order-context';
import { awaited, isPaidOnline, openPaymentOf } from './order-payment';
import type { OrderRecord } from './order.schema';
import { OrdersConfig } from './orders.config';
import { ReservingService } from './reserving.service';
import { SoloGate } from './solo-gate';

/** What became of a run; Bull Board shows it as the job's result. */
export type FlowOutcome = 'AWAITING_PAYMENT' | 'CONFIRMED' | 'FAILED' | 'nothing to do';

/** What became of a job whenever a worker had taken it up before. */
export interface FormerStarts {
  /** It ended with an error, and comes again. */
  failed: number;
  /** The worker was not heard of again. */
  lost: number;
}

const BY = 'processor';
/** From so many crashes on an order runs alone: if it kills its worker again, it takes no neighbours with it. */
const ALONE_FROM = 2;

/**
 * The way of an order from PENDING to its end, or to where its customer has to pay; `OrderPaymentsService` goes on
 * then. Every step is safe to repeat: a worker may die between any two of them, and the next one begins again at the
 * top. What cannot be finished is undone by the reconciler, never in a `catch`, which a crash would skip.
 */
@Injectable()
export class OrderFlow {
  private readonly gate = new SoloGate();
  private readonly waits = histogram(
    'orders_queue_wait_seconds',
    'From the acceptance of an order until a worker takes its job up, by lane, and whether ageing moved it forward',
    WAITS,
    ['lane', 'promoted'],
  );
  private readonly runs = histogram(
    'orders_processing_seconds',
    'How long a run of the flow took from its claim on, by lane',
    MOMENTS,
    ['lane'],
  );
  private readonly ended = counter('orders_processed_total', 'Runs of the flow, by what became of them', ['outcome']);

  constructor(
    private readonly claims: ClaimsService,
    private readonly moves: MovesService,
    private readonly facts: FactsService,
    private readonly reserving: ReservingService,
    private readonly bus: Bus,
    private readonly config: OrdersConfig,
  ) {}

  async run(job: ProcessOrder, before: FormerStarts): Promise<FlowOutcome> {
    const order = await this.claims.find(job);
    if (!order) return 'nothing to do';
    const span = { role: 'consumer', attributes: { 'order.id': job.orderId, 'order.lane': order.tier } } as const;
    if (before.failed + before.lost === 0) this.measureWait(order);
    const deaths = deathsOf(order, before.lost);
    const takeUp = () => inSpan('process order', span, contextOf(order), () => this.takenUp(order, deaths));
    // Before the claim: whoever waits at the gate holds none, and cannot be taken for one that crashed.
    return deaths >= ALONE_FROM ? this.gate.alone(takeUp) : this.gate.beside(takeUp);
  }

  /** Whoever is the first, and nobody has died with it, claims it with the step it makes: see `step`. */
  private async takenUp(found: OrderRecord, deaths: number): Promise<FlowOutcome> {
    const isFirst = found.claim === 0 && deaths === 0;
    const order = isFirst ? found : await this.claims.take(found, deaths);
    if (!order) return 'nothing to do';
    const ended = this.runs.startTimer({ lane: order.tier });
    try {
      const outcome = await this.process(order);
      this.ended.inc({ outcome });
      return outcome;
    } finally {
      ended();
    }
  }

  private measureWait({ tier, createdAt, promotedAt }: OrderRecord): void {
    const labels = { lane: tier, promoted: String(promotedAt !== undefined) };
    this.waits.observe(labels, (Date.now() - createdAt.getTime()) / 1_000);
  }

  private async process(order: OrderRecord): Promise<FlowOutcome> {
    if (order.crashes >= this.config.PROCESSOR_MAX_CRASHES) {
      throw new UnrecoverableError(`CRASHED: its worker died or froze ${order.crashes} times`);
    }
    const moved = await this.orGiveBack(order, () => this.moveOn(order));
    if (!moved) return 'nothing to do';
    if (failpoints) await failpoints.reach('order.moved', moved);
    await this.facts.tellAndNote(moved);
    return moved.status as FlowOutcome;
  }

  /** Undefined when somebody else has moved it, or given it up, in the meantime. */
  private async moveOn(order: OrderRecord): Promise<OrderRecord | undefined> {
    if (failpoints) await failpoints.reach('order.claimed', order);
    const reservation = await this.reserve(order);
    if (failpoints) await failpoints.reach('order.reserved', order);
    if (reservation.outcome === 'released') return undefined;
    if (reservation.outcome === 'insufficient') return this.refuse(order, reservation);
    return isPaidOnline(order) ? this.awaitPayment(order) : this.confirm(order);
  }

  /** Where nothing is paid online, what is reserved is sold in the same step. Its undo is `CompensationService`. */
  private reserve(order: OrderRecord): Promise<ReserveAnswer> {
    const lines = order.items.map(({ stockId, quantity }) => ({ stockId: String(stockId), quantity }));
    const { epoch, tier } = order;
    return this.reserving.reserve({
      orderId: String(order._id),
      epoch,
      tier,
      lines,
      commit: !isPaidOnline(order),
    });
  }

  /** Only written down: the provider is called afterwards. Its undo is `CompensationService` as well. */
  private async awaitPayment(order: OrderRecord): Promise<OrderRecord | undefined> {
    const latest = new Date(Date.now() + durationMs(this.config.PAYMENT_TTL));
    const { expiresAt } = await this.bus.ask(payments.open, openPaymentOf(order, latest));
    return this.step(order, { to: 'AWAITING_PAYMENT', changes: awaited(new Date(expiresAt)) });
  }

  /** What confirms an order is the last thing that can happen in here; its undo is a cancellation. */
  private confirm(order: OrderRecord): Promise<OrderRecord | undefined> {
    return this.step(order, { to: 'CONFIRMED' });
  }

  /** Refused by business: nothing was taken, so that there is nothing to undo. */
  private refuse(order: OrderRecord, { stockId }: ReserveAnswer): Promise<OrderRecord | undefined> {
    const short = order.items.find((item) => String(item.stockId) === stockId);
    const message = `There is not enough of ${short?.name ?? 'it'} in stock`;
    return this.step(order, { to: 'FAILED', failure: { code: 'INSUFFICIENT_STOCK', message } });
  }

  /** Orders that take the same step in one turn take it in one write, to the letter. */
  private step(order: OrderRecord, move: Pick<Move, 'to' | 'changes' | 'failure'>): Promise<OrderRecord | undefined> {
    const { id: moveId, at } = thisTurn();
    return this.moves.move(order, { ...move, by: BY, claim: !order.claimed, moveId, at });
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
