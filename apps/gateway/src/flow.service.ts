import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { lanePriority, orders, tiers, type OrdersByStatus, type Standing } from '@suite/contracts';
import { Bus, Fresh } from '@suite/platform';
import { FlowCounter } from './flow-counter';
import type { FlowLaneView, FlowView } from './flow.view';
import { LiveService } from './live.service';

/** However many look, it is measured once in this time, in ms. */
const FRESH_MS = 900;
/** The figures of the day come from reports, which cost more. */
const DAY_FRESH_MS = 5_000;

/** The picture of the flow: from what this gateway has heard, from the queue, and from orders along its indexes. */
@Injectable()
export class FlowService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly counter = new FlowCounter();
  /** In the name of an admin: who asks first, asks for all. */
  private readonly picture = new Fresh(FRESH_MS, () => this.measure());
  private readonly today = new Fresh(DAY_FRESH_MS, () => this.summary());
  private stop?: () => void;

  constructor(
    private readonly live: LiveService,
    private readonly bus: Bus,
    @InjectQueue(orders.process.queue) private readonly queue: Queue,
  ) {}

  onApplicationBootstrap(): void {
    // What was missed in a gap is missing from the picture of a minute, and no more.
    this.stop = this.live.follow({
      push: (event) => this.counter.heard(event, Date.now()),
      catchUp: () => Promise.resolve(),
    });
  }

  onApplicationShutdown(): void {
    this.stop?.();
  }

  now(): Promise<FlowView> {
    return this.picture.value();
  }

  private async measure(): Promise<FlowView> {
    const [standing, today, queued, { active = 0, delayed = 0 }] = await Promise.all([
      this.bus.ask(orders.standing, {}),
      this.today.value(),
      this.queue.getCountsPerPriority(tiers.map((tier) => lanePriority[tier])),
      this.queue.getJobCounts('active', 'delayed'),
    ]);
    const now = Date.now();
    const rates = this.counter.rates(now);
    return {
      at: new Date(now).toISOString(),
      lanes: standing.lanes.map((lane) => this.laneView(lane, queued[String(lanePriority[lane.lane])] ?? 0, now)),
      standardMaxWaitMs: standing.standardMaxWaitMs,
      active,
      delayed,
      awaitingPayment: standing.awaitingPayment,
      dead: standing.dead,
      rates: { accepted: rates.accepted, confirmed: rates.CONFIRMED, failed: rates.FAILED, cancelled: rates.CANCELLED },
      today,
      ...this.counter.shown(now),
    };
  }

  private laneView({ lane, pending, oldestMs }: Standing['lanes'][number], queued: number, now: number): FlowLaneView {
    return { lane, pending, oldestMs, queued, ...this.counter.waitsOf(lane, now) };
  }

  private async summary(): Promise<OrdersByStatus> {
    const from = new Date().toISOString().slice(0, 10);
    return (await this.bus.ask(orders.summary, { from })).ordersByStatus;
  }
}
