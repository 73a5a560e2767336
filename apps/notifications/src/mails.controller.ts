import { Controller } from '@nestjs/common';
import { notifications, type MailPage, type PageQuery } from '@suite/contracts';
import { Answers, callerOf } from '@suite/platform';
import { MailsService } from './mails.service';

@Controller()
export class MailsController {
  constructor(private readonly mails: MailsService) {}

  @Answers(notifications.mails)
  list(query: PageQuery): Promise<MailPage> {
    return this.mails.list(callerOf().userId, query);
  }
}
