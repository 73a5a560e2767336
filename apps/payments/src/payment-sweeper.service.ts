import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isConnectivityError, Sweep } from '@suite/platform';
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
  private readonly sweeping: Sweep;

  constructor(
    private readonly payments: PaymentStore,
    private readonly paymentQueue: PaymentQueueService,
    private readonly webhooks: WebhooksService,
    private readonly webhookQueue: WebhookQueueService,
    config: PaymentsConfig,
    private readonly redis: Redis,
  ) {
    this.sweeping = new Sweep(
      'payments',
      config.PAYMENT_SWEEP_MS,
      () => this.sweep(),
      // That a store is away has been said, once, by whoever watches it.
      (error) => isConnectivityError(error) || this.log.error(error),
    );
  }

  onApplicationBootstrap(): void {
    this.sweeping.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeping.stop();
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
