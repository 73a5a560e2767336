import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ERASED, payments, type ProcessWebhook } from '@suite/contracts';
import { inSpan, isWeather, workerOptions } from '@suite/platform';
import { UnrecoverableError, type Job } from 'bullmq';
import { PaymentFlow } from './payment-flow';
import { PaymentNewsService } from './payment-news.service';
import type { PaymentRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import { PaymentsConfig } from './payments.config';
import { ProvidersService } from './providers.service';
import type { Sighting } from './sighting';
import type { WebhookRecord } from './webhook.schema';
import { WebhooksService } from './webhooks.service';

const ID = /^[0-9a-f]{24}$/;

/** Takes in what webhooks say, and does what follows from it. */
@Processor(payments.processWebhook.queue, { ...workerOptions(payments.processWebhook), autorun: false })
export class WebhooksProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly log = new Logger(WebhooksProcessor.name);

  constructor(
    private readonly webhooks: WebhooksService,
    private readonly providers: ProvidersService,
    private readonly store: PaymentStore,
    private readonly news: PaymentNewsService,
    private readonly flow: PaymentFlow,
    private readonly config: PaymentsConfig,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.config.PAYMENT_CONCURRENCY;
    void this.worker.run();
  }

  async process(job: Job<ProcessWebhook>): Promise<void> {
    const webhook = await this.webhooks.find(job.data.webhookId);
    if (webhook?.state !== 'received' || webhook.round !== job.data.round) return;
    const { provider, requestId, traceparent } = webhook;
    const span = { role: 'consumer', attributes: { 'payment.provider': provider } } as const;
    await inSpan('take in webhook', span, { requestId, traceparent }, async () => {
      try {
        await this.takeIn(webhook);
      } catch (error) {
        await this.noteFailure(webhook, job, error as Error);
      }
    });
  }

  private async takeIn(webhook: WebhookRecord): Promise<void> {
    const seen = this.read(webhook);
    const payment = seen && (await this.paymentOf(seen));
    // Another shop of the same account, or something that we did not begin.
    if (!seen || !payment) return this.webhooks.ended(webhook, 'ignored');
    await this.webhooks.concerns(webhook, payment._id, seen);
    const known = await this.news.take(String(payment._id), seen);
    if (known?.erased) await this.webhooks.forget([payment._id]);
    await this.webhooks.ended(webhook, 'processed');
    // What follows is owed by the payment from here on, whatever becomes of this webhook.
    await this.flow.settle(String(payment._id)).catch((error: Error) => {
      if (!isWeather(error)) this.log.error(error);
    });
  }

  /** Of customers who were erased, all that is left is what was read before. */
  private read({ provider, text, seen }: WebhookRecord): Sighting | undefined {
    return text === ERASED.text ? seen : this.providers.named(provider).read(text);
  }

  private async paymentOf({ orderId, reference }: Sighting): Promise<PaymentRecord | undefined> {
    if (orderId !== undefined && ID.test(orderId)) return this.store.find(orderId);
    return reference === undefined ? undefined : this.store.findByReference(reference);
  }

  private async noteFailure(webhook: WebhookRecord, job: Job, error: Error): Promise<never> {
    const hopeless = !isWeather(error) && job.attemptsMade + 1 >= 3;
    const last = hopeless || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    await this.webhooks.failed(webhook, error.message, last);
    if (last) this.log.error(`Webhook ${webhook.eventId} (${webhook.type}) could not be processed: ${error.message}`);
    throw hopeless ? new UnrecoverableError(error.message) : error;
  }
}
