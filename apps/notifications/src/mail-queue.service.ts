import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { notifications, type MailKind, type SendMail } from '@suite/contracts';
import {
  currentContext,
  GroupCommit,
  hasLiveJob,
  isConnectivityError,
  jobOptions,
  traceparentOf,
} from '@suite/platform';
import type { Queue } from 'bullmq';
import { CARRY_TOKENS, type MailRecord } from './mail.schema';
import { MailsService, type WantedMail } from './mails.service';

/** Lower goes first: for a mail with a token somebody waits at a screen. As auth enqueues them, without one, they do too. */
const priorityOf = (kind: MailKind): number => (CARRY_TOKENS.includes(kind) ? 1 : 10);

/** Mails on their way to whoever sends them. The document is the mail; the job only names it. */
@Injectable()
export class MailQueueService {
  private readonly posting = new GroupCommit<WantedMail, void>({
    name: 'mails',
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
    return this.posting.add({ ...mail, requestId: currentContext()?.requestId, traceparent: traceparentOf() });
  }

  /** Enqueues those mails again that no job works on any more. Returns how many they were. */
  async revive(mails: MailRecord[]): Promise<number> {
    const alive = await Promise.all(mails.map(({ _id }) => this.hasLiveJob(_id)));
    const lost = mails.filter((_mail, i) => !alive[i]).map(({ _id, kind, to }) => ({ key: _id, kind, to }));
    await this.enqueue(lost);
    return lost.length;
  }

  /** Takes what is known of these mails out of Redis; what is being sent just now stays until it is done. */
  async forget(keys: string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.queue.remove(notifications.sendMail.key({ key } as SendMail))));
  }

  private async enqueue(mails: Pick<SendMail, 'key' | 'kind' | 'to'>[]): Promise<void> {
    const { sendMail } = notifications;
    const jobs = mails.map(({ key, kind, to }) => {
      const data: SendMail = { key, kind, to, data: {} };
      return { name: sendMail.name, data, opts: jobOptions(sendMail, data, priorityOf(kind)) };
    });
    await this.queue.addBulk(jobs);
  }

  private hasLiveJob(key: string): Promise<boolean> {
    return hasLiveJob(this.queue, notifications.sendMail.key({ key } as SendMail));
  }
}
