import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type ById, type Webhook, type WebhookPage, type WebhookQuery } from '@suite/contracts';
import { cursorAfter, following, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { Types } from 'mongoose';
import { PaymentsConfig } from './payments.config';
import { WEBHOOK_CHECK_MS } from './webhook-inbox.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookRecord } from './webhook.schema';
import { webhookView } from './webhook.view';

const DAY_MS = 24 * 3_600_000;
const newestFirst: ListOrder = { name: '-receivedAt', by: 'receivedAt', tie: '_id', direction: -1 };

/** Webhooks after they have come in: what became of them, and once more. */
@Injectable()
export class WebhooksService {
  readonly webhooks: mongo.Collection<WebhookRecord>;

  constructor(
    @InjectModel(WebhookRecord.name) model: Model<WebhookRecord>,
    private readonly queue: WebhookQueueService,
    private readonly config: PaymentsConfig,
  ) {
    this.webhooks = model.collection as unknown as mongo.Collection<WebhookRecord>;
  }

  async list({ state, provider, page = 1, limit = 20, cursor }: WebhookQuery): Promise<WebhookPage> {
    requireAdmin();
    const wanted = { ...(state && { state }), ...(provider && { provider }) };
    const [found, total] = await Promise.all([
      this.webhooks
        .find(cursor === undefined ? wanted : { ...wanted, ...following(newestFirst, cursor) })
        .sort(sortOf(newestFirst))
        .skip(cursor === undefined ? (page - 1) * limit : 0)
        .limit(limit + 1)
        .toArray(),
      this.webhooks.countDocuments(wanted),
    ]);
    const shown: WebhookRecord[] = found.slice(0, limit);
    const nextCursor = found.length > limit ? cursorAfter(newestFirst, shown.at(-1)!) : undefined;
    return { items: shown.map(webhookView), meta: { total, page, limit, nextCursor } };
  }

  /** Once more, whatever became of it: what it says is taken in by its ids, so that nothing happens twice. */
  async replay({ id }: ById): Promise<Webhook> {
    requireAdmin();
    const webhook = await this.webhooks.findOneAndUpdate(
      { _id: new Types.ObjectId(id) },
      {
        $set: { state: 'received', checkAt: new Date(Date.now() + WEBHOOK_CHECK_MS) },
        $inc: { round: 1 },
        $unset: { error: 1, processedAt: 1, expiresAt: 1 },
      },
      { returnDocument: 'after' },
    );
    if (!webhook) throw new Problem('WEBHOOK_NOT_FOUND');
    this.queue.enqueue(webhook);
    return webhookView(webhook);
  }

  async find(id: string): Promise<WebhookRecord | undefined> {
    return (await this.webhooks.findOne({ _id: new Types.ObjectId(id) })) ?? undefined;
  }

  async ended({ _id }: WebhookRecord, state: 'processed' | 'ignored', orderId?: Types.ObjectId): Promise<void> {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.config.WEBHOOK_RETENTION_DAYS * DAY_MS);
    await this.webhooks.updateOne(
      { _id },
      {
        $set: { state, processedAt: now, expiresAt, ...(orderId && { orderId }) },
        $inc: { attempts: 1 },
        $unset: { checkAt: 1, error: 1 },
      },
    );
  }

  /** @param last it will not be tried again by itself */
  async failed({ _id }: WebhookRecord, error: string, last: boolean): Promise<void> {
    await this.webhooks.updateOne(
      { _id, state: { $in: ['received', 'failed'] } },
      {
        $set: { error: error.slice(0, 1_000), ...(last && { state: 'failed' as const }) },
        $inc: { attempts: 1 },
        ...(last && { $unset: { checkAt: 1 } }),
      },
    );
  }

  /** Webhooks that wait for longer than a live job would let them; two replicas may be told of the same ones. */
  async forgotten(limit: number): Promise<WebhookRecord[]> {
    const now = Date.now();
    const found = await this.webhooks
      .find({ checkAt: { $lte: new Date(now) } })
      .sort({ checkAt: 1 })
      .limit(limit)
      .toArray();
    const ids = found.map(({ _id }) => _id);
    await this.webhooks.updateMany(
      { _id: { $in: ids }, checkAt: { $exists: true } },
      { $set: { checkAt: new Date(now + WEBHOOK_CHECK_MS) } },
    );
    return found;
  }
}
