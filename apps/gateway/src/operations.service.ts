import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { notifications, orders } from '@suite/contracts';
import { Bus, Fresh, readPulses, RedisLink } from '@suite/platform';
import { auditView } from './audit.view';
import { HealthService } from './health.service';
import { processView, type OperationsView, type PartView, type QueueView } from './operations.view';

const FRESH_MS = 900;

/** How the suite is, for those who operate it. What cannot be read now is left out; the rest is told all the same. */
@Injectable()
export class OperationsService {
  private readonly view = new Fresh(FRESH_MS, () => this.look());

  constructor(
    private readonly health: HealthService,
    private readonly link: RedisLink,
    private readonly bus: Bus,
    @InjectQueue(orders.process.queue) private readonly orders: Queue,
    @InjectQueue(notifications.sendMail.queue) private readonly mails: Queue,
  ) {}

  now(): Promise<OperationsView> {
    return this.view.value();
  }

  private async look(): Promise<OperationsView> {
    const { redis } = this.link;
    const [health, pulses, queues, debts, audit] = await Promise.all([
      this.health.check(),
      orElse(readPulses(redis, this.link.now()), []),
      Promise.all([this.orders, this.mails].map((queue) => orElse(queueView(queue), undefined))),
      orElse(this.bus.ask(orders.debts, {}), undefined),
      orElse(this.bus.ask(orders.lastAudit, {}), undefined),
    ]);
    return {
      at: new Date().toISOString(),
      parts: Object.entries(health.details).map(([name, state]) => partView(name, state)),
      processes: pulses.map(processView),
      queues: queues.filter((queue) => queue !== undefined),
      debtsKnown: debts !== undefined,
      debts: (debts?.items ?? []).map(({ name, orders: count, oldestMs }) => ({ name, orders: count, oldestMs })),
      ...(audit?.report && { lastAudit: auditView(audit.report) }),
    };
  }
}

const orElse = <T, Other>(work: Promise<T>, other: Other): Promise<T | Other> => work.catch(() => other);

const partView = (name: string, { status, reason }: { status: string; reason?: string }): PartView => ({
  name,
  status: status === 'up' ? 'up' : 'down',
  ...(reason !== undefined && { reason }),
});

async function queueView(queue: Queue): Promise<QueueView> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return { name: queue.name, waiting: waiting + prioritized, active, delayed, failed };
}
