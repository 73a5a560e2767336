import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isConnectivityError } from '@suite/platform';
import { Redis } from 'ioredis';
import { PaymentQueueService } from './payment-queue.service';
import { PaymentStore } from './payment-store';
import { PaymentsConfig } from './payments.config';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhooksService } from './webhooks.service';

const BATCH = 200;
/** Vanishes when Redis is emptied. */
const CANARY = 'canary:{payments}';
const RETELL_MS = 3_600_000;

/**
 * Finds payments that are due and webhooks that wait while no job works on them: their time has come, Redis was emptied,
 * or a process died between the document and the job. Runs in every replica; what two find has one job all the same.
 */
@Injectable()
export class PaymentSweeperService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(PaymentSweeperService.name);
  private timer?: NodeJS.Timeout;
  private running = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly payments: PaymentStore,
    private readonly paymentQueue: PaymentQueueService,
    private readonly webhooks: WebhooksService,
    private readonly webhookQueue: WebhookQueueService,
    private readonly config: PaymentsConfig,
    private readonly redis: Redis,
  ) {}

  onApplicationBootstrap(): void {
    this.next();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: Error) => {
          if (!isConnectivityError(error)) this.log.error(error);
        })
        .then(() => this.next());
    }, this.config.PAYMENT_SWEEP_MS);
  }

  private async sweep(): Promise<void> {
    await this.noticeEmptiedRedis();
    await this.paymentQueue.revive(await this.payments.due(BATCH));
    const lost = await this.webhookQueue.revive(await this.webhooks.forgotten(BATCH));
    if (lost > 0) this.log.warn(`${lost} webhooks had lost their job and were enqueued again`);
  }

  private async noticeEmptiedRedis(): Promise<void> {
    if (await this.redis.exists(CANARY)) return;
    await this.webhooks.lookForAll();
    const count = await this.payments.tellAgain(RETELL_MS);
    await this.redis.set(CANARY, new Date().toISOString());
    if (count > 0) this.log.warn(`${count} payments to tell again, since Redis was emptied`);
  }
}
