import { Controller } from '@nestjs/common';
import { auth, type UserErased } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { MailPreferencesService } from './mail-preferences.service';
import { MailsService } from './mails.service';
import { WaitingMailsService } from './waiting-mails.service';

@Controller()
export class AuthEventsController {
  constructor(
    private readonly mails: MailsService,
    private readonly queue: MailQueueService,
    private readonly preferences: MailPreferencesService,
    private readonly waiting: WaitingMailsService,
  ) {}

  /** That mails were sent stays known; to whom, and what was in them, does not. */
  @Hears(auth.userErased)
  async userErased({ userId }: UserErased): Promise<void> {
    await this.queue.forget(await this.mails.keysOf(userId));
    await this.mails.erase(userId);
    await this.preferences.erase(userId);
    await this.waiting.erase(userId);
  }
}
