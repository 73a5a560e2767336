import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { notifications } from '@suite/contracts';
import { MongoModule, PlatformModule, provideSettings, QueueModule } from '@suite/platform';
import { MailQueueService } from './mail-queue.service';
import { MailSweeperService } from './mail-sweeper.service';
import { MailTransportService } from './mail-transport.service';
import { MailRecord, MailSchema } from './mail.schema';
import { MailsProcessor } from './mails.processor';
import { MailsService } from './mails.service';
import { NotificationsConfig } from './notifications.config';
import { OrderEventsController } from './order-events.controller';

@Module({
  imports: [
    PlatformModule.forService('notifications'),
    MongoModule.forService('notifications'),
    MongooseModule.forFeature([{ name: MailRecord.name, schema: MailSchema }]),
    QueueModule,
    BullModule.registerQueue({ name: notifications.sendMail.queue }),
  ],
  controllers: [OrderEventsController],
  providers: [
    provideSettings(NotificationsConfig),
    MailsService,
    MailQueueService,
    MailTransportService,
    MailsProcessor,
    MailSweeperService,
  ],
})
export class NotificationsModule {}
