import { Controller } from '@nestjs/common';
import { notifications, orders, type MissedEvents, type MissedEventsAnswer, type OrderChanged } from '@suite/contracts';
import { Answers, Hears } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { MissedEventsService } from './missed-events.service';
import { NotificationsConfig } from './notifications.config';
import { isAboutWaiting, mailAbout } from './order-mail';
import { OrderEventsService } from './order-events.service';

/** What customers are told of their orders: by mail, and live. */
@Controller()
export class OrderEventsController {
  constructor(
    private readonly queue: MailQueueService,
    private readonly events: OrderEventsService,
    private readonly past: MissedEventsService,
    private readonly settings: NotificationsConfig,
  ) {}

  @Hears(orders.changed)
  async changed(change: OrderChanged): Promise<void> {
    const mail = this.settings.MAIL_ENABLED ? mailAbout(change) : undefined;
    if (mail && isAboutWaiting(mail)) return this.events.say(change, mail);
    await Promise.all([this.events.say(change), mail && this.queue.post(mail)]);
  }

  @Answers(notifications.missed)
  missed(body: MissedEvents): Promise<MissedEventsAnswer> {
    return this.past.missed(body);
  }
}
