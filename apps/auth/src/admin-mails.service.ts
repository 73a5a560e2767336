import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { notifications, type MailKind, type SendMail } from '@suite/contracts';
import { jobOptions } from '@suite/platform';
import type { Queue } from 'bullmq';
import { UsersService } from './users.service';

/** Behind the mails that somebody waits for at a screen. */
const PRIORITY = 10;

/** Mails to whoever runs the shop: one to each admin who can log in. */
@Injectable()
export class AdminMailsService {
  constructor(
    @InjectQueue(notifications.sendMail.queue) private readonly queue: Queue<SendMail>,
    private readonly users: UsersService,
  ) {}

  /** Resolves when the mails are in the queue. Safe to repeat under the same key. */
  async send(kind: MailKind, key: string, data: object): Promise<void> {
    const admins = await this.users.admins();
    const mails = admins.map(({ _id, email }): SendMail => ({
      key: `${kind}-${key}-${String(_id)}`,
      kind,
      to: email,
      userId: String(_id),
      data,
    }));
    const { sendMail } = notifications;
    await this.queue.addBulk(
      mails.map((mail) => ({ name: sendMail.name, data: mail, opts: jobOptions(sendMail, mail, PRIORITY) })),
    );
  }
}
