import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { notifications } from '@suite/contracts';
import { MongoModule, PlatformModule, provideSettings, QueueModule } from '@suite/platform';
import { AuthEventsController } from './auth-events.controller';
import { MailQueueService } from './mail-queue.service';
import { MailSweeperService } from './mail-sweeper.service';
import { MailTransportService } from './mail-transport.service';
import { MailRecord, MailSchema } from './mail.schema';
import { MailsController } from './mails.controller';
import { MailsProcessor } from './mails.processor';
import { MailsService } from './mails.service';
import { MissedEventsService } from './missed-events.service';
import { NotificationsConfig } from './notifications.config';
import { OrderEventsController } from './order-events.controller';
import { OrderStreamRecord, OrderStreamSchema } from './order-stream.schema';
import { OrderStreamsService } from './order-streams.service';

@Module({
  imports: [
    PlatformModule.forService('notifications'),
    MongoModule.forService('notifications'),
    MongooseModule.forFeature([
      { name: MailRecord.name, schema: MailSchema },
      { name: OrderStreamRecord.name, schema: OrderStreamSchema },
    ]),
    QueueModule,
    BullModule.registerQueue({ name: notifications.sendMail.queue }),
  ],
  controllers: [OrderEventsController, AuthEventsController, MailsController],
  providers: [
    provideSettings(NotificationsConfig),
    MailsService,
    MailQueueService,
    MailTransportService,
    MailsProcessor,
    MailSweeperService,
    OrderStreamsService,
    MissedEventsService,
  ],
})
export class NotificationsModule {}
