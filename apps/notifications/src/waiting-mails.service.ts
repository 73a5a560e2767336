import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MongoLink, RedisLink, Sweep } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { MailQueueService } from './mail-queue.service';
import { OrderStreamRecord } from './order-stream.schema';

const SWEEP_MS = 1_000;
const BATCH = 200;

/**
 * Posts the mails that say what an order waits for, of those that still do. They lie in the order's stream until then, in
 * writes that are made anyway, so that an order that is confirmed at once costs one mail and not two. Runs in every
 * replica: a mail that two of them post is one mail, by its key.
 */
@Injectable()
export class WaitingMailsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweep = new Sweep('waiting mails', SWEEP_MS, () => this.postDue());

  constructor(
    @InjectModel(OrderStreamRecord.name) private readonly streams: Model<OrderStreamRecord>,
    private readonly queue: MailQueueService,
    private readonly mongo: MongoLink,
    private readonly link: RedisLink,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  async erase(userId: string): Promise<void> {
    await this.streams.updateMany({ userId: new Types.ObjectId(userId) }, { $unset: { waiting: 1 } });
  }

  /** Posted first and taken out afterwards: whoever dies in between leaves it to the next one. */
  private async postDue(): Promise<void> {
    while (!this.mongo.away && !this.link.away) {
      const due = { 'waiting.due': { $lte: new Date() } };
      const found = await this.streams.find(due, { waiting: 1 }).sort({ 'waiting.due': 1 }).limit(BATCH).lean();
      await Promise.all(found.map(({ waiting }) => this.queue.post(waiting!.mail)));
      // What an order waits for meanwhile is due later, and stays.
      await this.streams.updateMany({ ...due, _id: { $in: found.map(({ _id }) => _id) } }, { $unset: { waiting: 1 } });
      if (found.length < BATCH) return;
    }
  }
}
