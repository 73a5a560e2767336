import { Controller } from '@nestjs/common';
import {
  ERASED,
  notifications,
  orders,
  type MissedEvents,
  type MissedEventsAnswer,
  type OrderChanged,
  type SendMail,
} from '@suite/contracts';
import { Answers, Hears } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { MissedEventsService } from './missed-events.service';
import { NotificationsConfig } from './notifications.config';
import { OrderStreamsService } from './order-streams.service';

/** What customers are told of their orders: by mail, and live. */
@Controller()
export class OrderEventsController {
  constructor(
    private readonly queue: MailQueueService,
    private readonly streams: OrderStreamsService,
    private readonly events: MissedEventsService,
    private readonly settings: NotificationsConfig,
  ) {}

  @Hears(orders.changed)
  async changed(change: OrderChanged): Promise<void> {
    const mail = mailAbout(change);
    const posted = mail && this.settings.MAIL_ENABLED ? this.queue.post(mail) : undefined;
    await Promise.all([this.streams.take(change), posted]);
  }

  @Answers(notifications.missed)
  missed(body: MissedEvents): Promise<MissedEventsAnswer> {
    return this.events.missed(body);
  }
}

/** Only the step to CONFIRMED is worth a mail. The fact's key is the mail's, so that a fact told twice is one mail. */
function mailAbout(change: OrderChanged): SendMail | undefined {
  if (change.kind !== 'status' || change.status !== 'CONFIRMED') return undefined;
  // Its customer was erased while it was on its way.
  if (change.email === ERASED.email) return undefined;
  const { orderId, number, name, items, total, currency } = change;
  return {
    key: orders.changed.key(change),
    kind: 'order-confirmed',
    to: change.email,
    userId: change.userId,
    data: { orderId, number, name, items, total, currency },
  };
}
