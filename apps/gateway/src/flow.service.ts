import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { lanePriority, orders, tiers, type OrdersByStatus, type Standing } from '@suite/contracts';
import { Bus } from '@suite/platform';
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
  private last?: { view: Promise<FlowView>; at: number };
  private day?: { statuses: Promise<OrdersByStatus>; at: number };
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

  /** In the name of an admin: who asks first, asks for all. */
  now(): Promise<FlowView> {
    if (this.last && Date.now() - this.last.at < FRESH_MS) return this.last.view;
    const last = { view: this.measure(), at: Date.now() };
    this.last = last;
    // What failed is asked again by the next one.
    last.view.catch(() => this.last === last && (this.last = undefined));
    return last.view;
  }

  private async measure(): Promise<FlowView> {
    const [standing, today, queued, { active = 0, delayed = 0 }] = await Promise.all([
      this.bus.ask(orders.standing, {}),
      this.today(),
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

  private today(): Promise<OrdersByStatus> {
    if (this.day && Date.now() - this.day.at < DAY_FRESH_MS) return this.day.statuses;
    const from = new Date().toISOString().slice(0, 10);
    const day = {
      statuses: this.bus.ask(orders.summary, { from }).then(({ ordersByStatus }) => ordersByStatus),
      at: Date.now(),
    };
    this.day = day;
    day.statuses.catch(() => this.day === day && (this.day = undefined));
    return day.statuses;
  }
}
