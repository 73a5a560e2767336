import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { lanePriority, orders, PROMOTED, type ProcessOrder } from '@suite/contracts';
import { failpoints, GroupCommit, isWeather, jobOptions, runInContext } from '@suite/platform';
import type { Queue } from 'bullmq';
import { FactsService } from './facts.service';
import type { OrderRecord } from './order.schema';
import { contextOf } from './order-context';
import { orderJob } from './order.view';

/** One that was moved before all others stays there with each job it gets. */
const priorityOf = ({ tier, promotedAt }: OrderRecord): number => (promotedAt ? PROMOTED : lanePriority[tier]);

/**
 * Brings accepted orders on their way: tells that they were placed, then enqueues their jobs, so that where there is a
 * job, the first entry of the history has been told.
 */
@Injectable()
export class DispatchService {
  private readonly log = new Logger(DispatchService.name);
  private readonly sending = new GroupCommit<OrderRecord, void>({
    name: 'jobs',
    commit: (batch) => this.sendAll(batch),
    maxBatch: 256,
    concurrency: 2,
    // A rush gathers here already: VIPs need not wait behind it before they even reach their lane.
    priority: priorityOf,
    separate: (error) => !isWeather(error),
  });

  constructor(
    private readonly facts: FactsService,
    @InjectQueue(orders.process.queue) private readonly queue: Queue<ProcessOrder>,
  ) {}

  /** The fast path. Nobody waits for it: what fails here is still owed in the outbox, and the relay pays it. */
  send(order: OrderRecord): void {
    this.sending.add(order).catch((error: Error) => {
      if (!isWeather(error)) this.log.error(error);
    });
  }

  /** @throws when it is not known to have been done; safe to repeat. */
  resend(order: OrderRecord): Promise<void> {
    return this.sending.add(order);
  }

  /** It has a job, be it alive or ended: what ended without its order having ended is for the reconciler to mend. */
  async isEnqueued(order: OrderRecord): Promise<boolean> {
    return (await this.queue.getJobState(orders.process.key(orderJob(order)))) !== 'unknown';
  }

  private async sendAll(batch: OrderRecord[]): Promise<void[]> {
    // Gathered from many requests, so that each is told on behalf of its own.
    await Promise.all(batch.map((order) => runInContext(contextOf(order), () => this.facts.tell(order))));
    if (failpoints) await failpoints.reach('order.enqueuing', batch);
    await this.queue.addBulk(
      batch.map((order) => {
        const data = orderJob(order);
        return {
          name: orders.process.name,
          data,
          opts: jobOptions(orders.process, data, priorityOf(order)),
        };
      }),
    );
    if (failpoints) await failpoints.reach('order.enqueued', batch);
    return batch.map(() => undefined);
  }
}
