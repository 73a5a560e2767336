import { Controller } from '@nestjs/common';
import { orders, type OrderChanged, type SendMail } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { NotificationsConfig } from './notifications.config';

/** What customers are told of their orders. */
@Controller()
export class OrderEventsController {
  constructor(
    private readonly queue: MailQueueService,
    private readonly settings: NotificationsConfig,
  ) {}

  @Hears(orders.changed)
  async changed(change: OrderChanged): Promise<void> {
    const mail = mailAbout(change);
    if (mail && this.settings.MAIL_ENABLED) await this.queue.post(mail);
  }
}

/** Only the step to CONFIRMED is worth a mail. The fact's key is the mail's, so that a fact told twice is one mail. */
function mailAbout(change: OrderChanged): SendMail | undefined {
  if (change.kind !== 'status' || change.status !== 'CONFIRMED') return undefined;
  const { orderId, number, name, items, total, currency } = change;
  return {
    key: orders.changed.key(change),
    kind: 'order-confirmed',
    to: change.email,
    data: { orderId, number, name, items, total, currency },
  };
}
