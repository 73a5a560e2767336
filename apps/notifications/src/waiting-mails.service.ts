import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { SendMail } from '@suite/contracts';
import { MongoLink, RedisLink, Sweep } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { MailQueueService } from './mail-queue.service';
import { OrderEventRecord } from './order-event.schema';
import { eventId, parseEventId } from './order-events';

const SWEEP_MS = 1_000;
/** Whose turn it is this second. */
const TURN = 'sweep:{orders}:waiting-mails';
const BATCH = 1_000;

/**
 * Posts the mails that say what an order waits for, of those that still do: where the next event was said, it does not.
 * They lie in the order's event until they are due, in a write that is made anyway, so that an order that is confirmed at
 * once costs one mail and not two. Replicas take turns, so that they need not read and write the same; a mail that two of
 * them post all the same is one mail, by its key.
 */
@Injectable()
export class WaitingMailsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweep = new Sweep('waiting mails', SWEEP_MS, () => this.postDue());

  constructor(
    @InjectModel(OrderEventRecord.name) private readonly events: Model<OrderEventRecord>,
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
    await this.events.updateMany({ userId: new Types.ObjectId(userId) }, { $unset: { waiting: 1 } });
  }

  /**
   * Posted first and taken out afterwards: whoever dies in between leaves it to the next one. All of a portion at once,
   * rather than up to some time: an event that is written late would lie behind that.
   */
  private async postDue(): Promise<void> {
    if (!(await this.isMyTurn())) return;
    while (!this.mongo.away && !this.link.away) {
      const due = { 'waiting.due': { $lte: new Date() } };
      const found = await this.events.find(due, { _id: 1 }).sort({ 'waiting.due': 1 }).limit(BATCH).lean();
      if (found.length === 0) return;
      const ids = found.map(({ _id }) => _id);
      await this.post(await this.stillWaiting(ids));
      await this.events.updateMany({ _id: { $in: ids } }, { $unset: { waiting: 1 } });
      if (found.length < BATCH) return;
    }
  }

  private async isMyTurn(): Promise<boolean> {
    if (this.link.away) return false;
    return (await this.link.redis.set(TURN, '1', 'PX', SWEEP_MS - 100, 'NX')) !== null;
  }

  private async stillWaiting(ids: string[]): Promise<string[]> {
    const next = ids.map(followerOf);
    const said = await this.events.find({ _id: { $in: next } }, { _id: 1 }).lean();
    const known = new Set(said.map(({ _id }) => _id));
    return ids.filter((_id, i) => !known.has(next[i]));
  }

  private async post(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const found = await this.events.find({ _id: { $in: ids } }, { waiting: 1 }).lean();
    // Another replica may have been here in between.
    const mails = found.flatMap(({ waiting }) => (waiting ? [JSON.parse(waiting.mail) as SendMail] : []));
    await Promise.all(mails.map((mail) => this.queue.post(mail)));
  }
}

function followerOf(id: string): string {
  const { orderId, seq } = parseEventId(id)!;
  return eventId(orderId, seq + 1);
}
