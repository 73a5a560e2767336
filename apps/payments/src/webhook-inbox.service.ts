import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ReceiveWebhook } from '@suite/contracts';
import { currentContext, GroupCommit, isConnectivityError, traceparentOf } from '@suite/platform';
import { Types, type Model, type mongo } from 'mongoose';
import { PaymentsConfig } from './payments.config';
import { ProvidersService } from './providers.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookRecord } from './webhook.schema';

/** When a webhook that nobody has processed is looked for, in ms. */
export const WEBHOOK_CHECK_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

/** Verifies, writes down, answers; the rest follows from a queue. What came before is the same document. */
@Injectable()
export class WebhookInboxService {
  private readonly webhooks: mongo.Collection<WebhookRecord>;
  private readonly writing = new GroupCommit<WebhookRecord, void>({
    name: 'webhooks',
    commit: (webhooks) => this.write(webhooks),
    maxBatch: 200,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    private readonly providers: ProvidersService,
    private readonly queue: WebhookQueueService,
    private readonly config: PaymentsConfig,
    @InjectModel(WebhookRecord.name) model: Model<WebhookRecord>,
  ) {
    this.webhooks = model.collection as unknown as mongo.Collection<WebhookRecord>;
  }

  /** @throws Problem INVALID_SIGNATURE, SERVICE_UNAVAILABLE, PAYMENT_METHOD_UNAVAILABLE */
  async receive({ provider: name, body, headers }: ReceiveWebhook): Promise<void> {
    const provider = this.providers.named(name);
    const bytes = Buffer.from(body, 'base64');
    const { id: eventId, type } = await provider.verify({ body: bytes, headers });
    const text = bytes.toString('utf8');
    const concerns = concernsUs(() => provider.read(text));
    const now = new Date();
    const traceparent = traceparentOf();
    const webhook: WebhookRecord = {
      _id: new Types.ObjectId(),
      provider: name,
      ...{ eventId, type, text },
      state: concerns ? 'received' : 'ignored',
      deliveries: 1,
      attempts: 0,
      round: 0,
      ...(concerns
        ? { checkAt: new Date(now.getTime() + WEBHOOK_CHECK_MS) }
        : { expiresAt: new Date(now.getTime() + this.config.WEBHOOK_RETENTION_DAYS * DAY_MS) }),
      receivedAt: now,
      requestId: currentContext()?.requestId ?? eventId,
      ...(traceparent !== undefined && { traceparent }),
    };
    await this.writing.add(webhook);
  }

  /** Those that are new are enqueued; of the others only the delivery is counted. */
  private async write(webhooks: WebhookRecord[]): Promise<void[]> {
    const { upsertedIds } = await this.webhooks.bulkWrite(
      webhooks.map(({ deliveries, ...webhook }) => ({
        updateOne: {
          filter: { provider: webhook.provider, eventId: webhook.eventId },
          update: { $setOnInsert: webhook, $inc: { deliveries } },
          upsert: true,
        },
      })),
      { ordered: true },
    );
    for (const index of Object.keys(upsertedIds)) {
      const webhook = webhooks[Number(index)];
      if (webhook.state === 'received') this.queue.enqueue(webhook);
    }
    return webhooks.map(() => undefined);
  }
}

/** What cannot be read is not of no concern: it is kept, and fails where people can see it. */
function concernsUs(read: () => unknown): boolean {
  try {
    return read() !== undefined;
  } catch {
    return true;
  }
}
