import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { orders, type Problem, type ProcessOrder } from '@suite/contracts';
import { problemOf, workerOptions } from '@suite/platform';
import { UnrecoverableError, type Job } from 'bullmq';
import { Types } from 'mongoose';
import { OrderFlow, type FlowOutcome, type FormerStarts } from './order-flow';
import { OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';

/** What breaks so often will not heal by itself. Weather is another thing, and may go on for as long as it likes. */
const MAX_BROKEN = 5;

/** Takes jobs off the queue, VIP lane first, and decides which errors are worth another try. */
@Processor(orders.process.queue, { ...workerOptions(orders.process), autorun: false })
export class OrderProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly log = new Logger(OrderProcessor.name);

  constructor(
    private readonly flow: OrderFlow,
    private readonly store: OrderStore,
    private readonly config: OrdersConfig,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.config.PROCESSOR_CONCURRENCY;
    void this.worker.run();
  }

  async process(job: Job<ProcessOrder>): Promise<FlowOutcome> {
    try {
      return await this.flow.run(job.data, formerStartsOf(job));
    } catch (error) {
      if (error instanceof UnrecoverableError) throw error;
      const problem = problemOf(error);
      const broken = brokenSoFar(job) + (problem.kind === 'broken' ? 1 : 0);
      const hopeless = problem.kind === 'refused' || broken >= MAX_BROKEN;
      const text = textOf(problem);
      await job.updateProgress({ attempt: job.attemptsMade + 1, broken, error: text }).catch(() => undefined);
      throw hopeless ? new UnrecoverableError(text) : problem;
    }
  }

  /**
   * Only a hint, so that the reconciler need not wait for its next look: BullMQ can fail a job without calling its
   * processor, and a process can die before this runs. Undo belongs to the reconciler alone.
   */
  @OnWorkerEvent('failed')
  failed(job: Job<ProcessOrder> | undefined, error: Error): void {
    if (!job?.finishedOn) return;
    const { orderId, userId, epoch } = job.data;
    this.log.warn(`Order ${orderId} was given up after ${job.attemptsMade} attempts: ${error.message}`);
    void this.store
      .updateIf({
        key: { _id: new Types.ObjectId(orderId), userId: new Types.ObjectId(userId) },
        condition: { status: 'PENDING', epoch },
        update: { $set: { checkAt: new Date() } },
      })
      .catch(() => undefined);
  }
}

/** Each start ends with the job done or, once more, failed; unless its worker dies or freezes. */
/** How often its processing broke: the job keeps count, since attempts that weather cost do not count. */
const brokenSoFar = ({ progress }: Job): number => Number((progress as { broken?: number }).broken ?? 0);

const formerStartsOf = ({ attemptsStarted, attemptsMade: failed }: Job): FormerStarts => ({
  failed,
  lost: Math.max(0, attemptsStarted - 1 - failed),
});

/** The code, and what really happened: a dead letter is read by those who operate the shop. */
const textOf = ({ code, message, cause }: Problem): string =>
  cause instanceof Error ? `${code}: ${cause.message}` : message;
