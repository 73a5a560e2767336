import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { notifications, type SendMail, type TokenMail } from '@suite/contracts';
import { jobOptions } from '@suite/platform';
import type { Queue } from 'bullmq';
import { Types } from 'mongoose';
import type { TokenKind } from './one-time-token.schema';
import { OneTimeTokensService } from './one-time-tokens.service';
import type { UserRecord } from './user.schema';

/** Mails that carry a one-time token. Only its hash is kept here, so each mail gets a token of its own. */
@Injectable()
export class TokenMailsService {
  constructor(
    @InjectQueue(notifications.sendMail.queue) private readonly queue: Queue<SendMail>,
    private readonly tokens: OneTimeTokensService,
  ) {}

  /** Resolves when the mail is in the queue. */
  async send(kind: TokenKind, user: UserRecord): Promise<void> {
    const { secret, expiresAt } = await this.tokens.issue(kind, user);
    const data: TokenMail = { secret, expiresAt: expiresAt.toISOString() };
    const key = `${kind}-${String(new Types.ObjectId())}`;
    const mail: SendMail = { key, kind, to: user.email, userId: String(user._id), data };
    await this.queue.add(notifications.sendMail.name, mail, jobOptions(notifications.sendMail, mail));
  }
}
