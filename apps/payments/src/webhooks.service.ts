import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { ERASED, Problem, type ById, type Webhook, type WebhookPage, type WebhookQuery } from '@suite/contracts';
import { counter, following, gauge, pageOf, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { Types } from 'mongoose';
import { PaymentsConfig } from './payments.config';
import { WEBHOOK_CHECK_MS } from './webhook-inbox.service';
import type { Sighting } from './sighting';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookRecord } from './webhook.schema';
import { webhookView } from './webhook.view';

const DAY_MS = 24 * 3_600_000;
const newestFirst: ListOrder = { name: '-receivedAt', by: 'receivedAt', tie: '_id', direction: -1 };

/** Webhooks after they have come in: what became of them, and once more. */
@Injectable()
export class WebhooksService {
  readonly webhooks: mongo.Collection<WebhookRecord>;
  private readonly gone = counter('webhooks_ended_total', 'Webhooks by what became of them', ['provider', 'state']);

  constructor(
    @InjectModel(WebhookRecord.name) model: Model<WebhookRecord>,
    private readonly queue: WebhookQueueService,
    private readonly config: PaymentsConfig,
  ) {
    this.webhooks = model.collection as unknown as mongo.Collection<WebhookRecord>;
    gauge(
      'webhooks_failed',
      'Webhooks that could not be processed and wait for somebody; the same on every replica',
      () => this.webhooks.countDocuments({ state: 'failed' }),
    );
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
    const { shown, nextCursor } = pageOf<WebhookRecord>(newestFirst, found, limit);
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

  /** What it is about, before anything follows from it. */
  async concerns({ _id }: WebhookRecord, orderId: Types.ObjectId, seen: Sighting): Promise<void> {
    await this.webhooks.updateOne({ _id }, { $set: { orderId, seen } }, { ignoreUndefined: true });
  }

  /** That they came stays known, and what they say of the payment; what they say of the customer does not. */
  async forget(orderIds: Types.ObjectId[]): Promise<void> {
    await this.webhooks.updateMany({ orderId: { $in: orderIds } }, { $set: { text: ERASED.text } });
  }

  async ended({ _id, provider }: WebhookRecord, state: 'processed' | 'ignored'): Promise<void> {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.config.WEBHOOK_RETENTION_DAYS * DAY_MS);
    await this.webhooks.updateOne(
      { _id },
      {
        $set: { state, processedAt: now, expiresAt },
        $inc: { attempts: 1 },
        $unset: { checkAt: 1, error: 1 },
      },
    );
    this.gone.inc({ provider, state });
  }

  /** @param last it will not be tried again by itself */
  async failed({ _id, provider }: WebhookRecord, error: string, last: boolean): Promise<void> {
    await this.webhooks.updateOne(
      { _id, state: { $in: ['received', 'failed'] } },
      {
        $set: { error: error.slice(0, 1_000), ...(last && { state: 'failed' as const }) },
        $inc: { attempts: 1 },
        ...(last && { $unset: { checkAt: 1 } }),
      },
    );
    if (last) this.gone.inc({ provider, state: 'failed' });
  }

  /** Their jobs are known to be gone: nobody waits until it is time to look. */
  async lookForAll(): Promise<void> {
    const now = new Date();
    await this.webhooks.updateMany({ checkAt: { $gt: now } }, { $set: { checkAt: now } });
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
