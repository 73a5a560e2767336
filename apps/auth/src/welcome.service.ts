import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { notifications, type SendMail, type WelcomeMail } from '@suite/contracts';
import { jobOptions, MongoLink, RedisLink, Sweep } from '@suite/platform';
import type { Queue } from 'bullmq';
import type { Model, Types } from 'mongoose';
import { UserRecord } from './user.schema';

const SWEEP_MS = 2_000;
/** For this long a mail that is owed is left to whoever has just taken it on. */
const LEASE_MS = 10_000;
/** Behind the mails that somebody waits for at a screen. */
const PRIORITY = 10;

const dueSoon = (): Date => new Date(Date.now() + LEASE_MS);

/**
 * Welcomes whoever has confirmed an address for the first time: before that it may be somebody else's, to whom we have
 * nothing to say. That the mail is owed is written with the confirmation; sent at once, or by the sweep of any replica.
 */
@Injectable()
export class WelcomeService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(WelcomeService.name);
  private readonly sweep = new Sweep('welcome mails', SWEEP_MS, () => this.catchUp());

  constructor(
    @InjectQueue(notifications.sendMail.queue) private readonly queue: Queue<SendMail>,
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly mongo: MongoLink,
    private readonly link: RedisLink,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  /** Part of the update that confirms an address: owes the mail, the first time. */
  owe() {
    return { welcomeDue: { $cond: [{ $eq: ['$welcomed', true] }, '$welcomeDue', dueSoon()] }, welcomed: true };
  }

  payInBackground(userId: Types.ObjectId): void {
    const pay = async () => {
      const user = await this.users.findOne({ _id: userId, welcomeDue: { $exists: true } }).lean();
      if (user) await this.pay(user);
    };
    pay().catch((error: Error) => this.log.warn(`A welcome has to wait: ${error.message}`));
  }

  /** Under one key for each user, so that it may be repeated. */
  private async pay({ _id, email, name }: UserRecord): Promise<void> {
    const userId = String(_id);
    const data: WelcomeMail = { name };
    const mail: SendMail = { key: `welcome-${userId}`, kind: 'welcome', to: email, userId, data };
    const { sendMail } = notifications;
    await this.queue.add(sendMail.name, mail, jobOptions(sendMail, mail, PRIORITY));
    await this.users.updateOne({ _id }, { $unset: { welcomeDue: 1 } });
  }

  private async catchUp(): Promise<void> {
    while (!this.link.away && !this.mongo.away) {
      const owed = await this.users
        .findOneAndUpdate({ welcomeDue: { $lte: new Date() } }, { welcomeDue: dueSoon() }, { returnDocument: 'after' })
        .lean();
      if (!owed) return;
      await this.pay(owed);
    }
  }
}
