import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { lanePriority, orders, tiers } from '@suite/contracts';
import { LiveService } from './live.service';
import type { MetricsView } from './order-event.view';

const EVERY_MS = 1_000;

/** Once a second, how the queue stands and how many orders come and go; only while an admin watches. */
@Injectable()
export class MetricsFeedService {
  private watching = 0;
  private timer?: NodeJS.Timeout;

  constructor(
    @InjectQueue(orders.process.queue) private readonly queue: Queue,
    private readonly live: LiveService,
  ) {}

  start(emit: (metrics: MetricsView) => void): void {
    this.timer = setInterval(() => {
      const counted = this.live.count();
      if (this.watching === 0) return;
      // What cannot be counted now, Redis being away, is not said.
      void this.measure(counted).then(emit, () => undefined);
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  watch(more: 1 | -1): void {
    this.watching += more;
  }

  private async measure(counted: { accepted: number; confirmed: number }): Promise<MetricsView> {
    const [waiting, { active = 0, delayed = 0 }] = await Promise.all([
      this.queue.getCountsPerPriority(tiers.map((tier) => lanePriority[tier])),
      this.queue.getJobCounts('active', 'delayed'),
    ]);
    const lanes = tiers.map((lane) => ({ lane, waiting: waiting[String(lanePriority[lane])] ?? 0 }));
    return { at: new Date().toISOString(), lanes, active, delayed, ...counted };
  }
}
