import { Controller } from '@nestjs/common';
import { notifications, type ById, type MailPage, type OrderMails, type PageQuery } from '@suite/contracts';
import { Answers, callerOf, requireAdmin } from '@suite/platform';
import { MailsService } from './mails.service';

@Controller()
export class MailsController {
  constructor(private readonly mails: MailsService) {}

  @Answers(notifications.mails)
  list(query: PageQuery): Promise<MailPage> {
    return this.mails.list(callerOf().userId, query);
  }

  @Answers(notifications.mailsOfOrder)
  ofOrder({ id }: ById): Promise<OrderMails> {
    requireAdmin();
    return this.mails.ofOrder(id);
  }
}
