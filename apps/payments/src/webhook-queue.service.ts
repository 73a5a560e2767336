import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { payments, type ProcessWebhook } from '@suite/contracts';
import { hasLiveJob, jobOptions } from '@suite/platform';
import type { Queue } from 'bullmq';
import type { WebhookRecord } from './webhook.schema';

const jobOf = ({ _id, round }: WebhookRecord): ProcessWebhook => ({ webhookId: String(_id), round });

/** Webhooks on their way to whoever processes them. The job only names the webhook. */
@Injectable()
export class WebhookQueueService {
  constructor(@InjectQueue(payments.processWebhook.queue) private readonly queue: Queue<ProcessWebhook>) {}

  /** Nobody waits for it: what is not enqueued now is found by the sweeper. */
  enqueue(webhook: WebhookRecord): void {
    void this.add(webhook).catch(() => undefined);
  }

  /** Enqueues those again that no job works on any more. Returns how many they were. */
  async revive(webhooks: WebhookRecord[]): Promise<number> {
    const alive = await Promise.all(
      webhooks.map((webhook) => hasLiveJob(this.queue, payments.processWebhook.key(jobOf(webhook)))),
    );
    const lost = webhooks.filter((_webhook, i) => !alive[i]);
    await Promise.all(lost.map((webhook) => this.add(webhook)));
    return lost.length;
  }

  private async add(webhook: WebhookRecord): Promise<void> {
    const data = jobOf(webhook);
    await this.queue.add(payments.processWebhook.name, data, jobOptions(payments.processWebhook, data));
  }
}
