import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { notifications, type SendMail } from '@suite/contracts';
import { GroupCommit, isConnectivityError, jobOptions } from '@suite/platform';
import type { Queue } from 'bullmq';
import type { Mail } from './mail.schema';
import { MailsService } from './mails.service';

/** Behind the mails that somebody waits for at a screen: those come from auth, and without a priority go first. */
const PRIORITY = 10;
const ALIVE = ['active', 'waiting', 'delayed', 'prioritized', 'waiting-children', 'paused'];

/** Mails on their way to whoever sends them. The document is the mail; the job only names it. */
@Injectable()
export class MailQueueService {
  private readonly posting = new GroupCommit<SendMail, void>({
    commit: async (mails) => {
      await this.mails.write(mails);
      await this.enqueue(mails);
      return mails.map(() => undefined);
    },
    maxBatch: 200,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    @InjectQueue(notifications.sendMail.queue) private readonly queue: Queue<SendMail>,
    private readonly mails: MailsService,
  ) {}

  /** Resolves when the mail is durable and waits for its sender. Safe to repeat. */
  post(mail: SendMail): Promise<void> {
    return this.posting.add(mail);
  }

  /** Enqueues those mails again that no job works on any more. Returns how many they were. */
  async revive(mails: Mail[]): Promise<number> {
    const lost = await Promise.all(mails.map(async (mail) => ((await this.isAlive(mail._id)) ? [] : [mail])));
    const wanted = lost.flat().map(({ _id, kind, to, data }) => ({ key: _id, kind, to, data }));
    await this.enqueue(wanted);
    return wanted.length;
  }

  private async enqueue(mails: SendMail[]): Promise<void> {
    const { name } = notifications.sendMail;
    await this.queue.addBulk(
      mails.map((mail) => ({
        name,
        data: { ...mail, data: {} },
        opts: jobOptions(notifications.sendMail, mail, PRIORITY),
      })),
    );
  }

  /** A job that ended without its mail having ended is cleared away, since its id is in the way of the next one. */
  private async isAlive(key: string): Promise<boolean> {
    const id = notifications.sendMail.key({ key } as SendMail);
    const state = await this.queue.getJobState(id);
    if (ALIVE.includes(state)) return true;
    await this.queue.remove(id);
    return false;
  }
}
