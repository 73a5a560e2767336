import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { payments, type SettlePayment } from '@suite/contracts';
import { isWeather, workerOptions } from '@suite/platform';
import type { Job } from 'bullmq';
import { PaymentFlow } from './payment-flow';
import { PaymentsConfig } from './payments.config';

/** Does what is owed to payments, as often as it takes. */
@Processor(payments.settle.queue, { ...workerOptions(payments.settle), autorun: false })
export class PaymentsProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly log = new Logger(PaymentsProcessor.name);

  constructor(
    private readonly flow: PaymentFlow,
    private readonly config: PaymentsConfig,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.config.PAYMENT_CONCURRENCY;
    void this.worker.run();
  }

  process({ data }: Job<SettlePayment>): Promise<void> {
    return this.flow.settle(data.orderId);
  }

  /** The sweeper goes on with it; but somebody should know. */
  @OnWorkerEvent('failed')
  failed(job: Job<SettlePayment> | undefined, error: Error): void {
    if (!job?.finishedOn) return;
    const text = `The payment of order ${job.data.orderId} is not settled after ${job.attemptsMade} attempts: ${error.message}`;
    if (isWeather(error)) this.log.warn(text);
    else this.log.error(text);
  }
}
