import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { notifications } from '@suite/contracts';
import { MongoModule, PlatformModule, provideSettings, QueueModule } from '@suite/platform';
import { AuthEventsController } from './auth-events.controller';
import { database } from './database';
import { DeadMailDeskService } from './dead-mail-desk.service';
import { DeadMailsController } from './dead-mails.controller';
import { MailPreferencesController } from './mail-preferences.controller';
import { MailPreferencesService } from './mail-preferences.service';
import { MailQueueService } from './mail-queue.service';
import { MailSweeperService } from './mail-sweeper.service';
import { MailTransportService } from './mail-transport.service';
import { MailsController } from './mails.controller';
import { MailsProcessor } from './mails.processor';
import { MailsService } from './mails.service';
import { MissedEventsService } from './missed-events.service';
import { NotificationsConfig } from './notifications.config';
import { OrderEventsController } from './order-events.controller';
import { OrderEventsService } from './order-events.service';
import { UnwrittenEventsService } from './unwritten-events.service';
import { WaitingMailsService } from './waiting-mails.service';

@Module({
  imports: [
    PlatformModule.forService('notifications'),
    MongoModule.forService(database),
    QueueModule,
    BullModule.registerQueue({ name: notifications.sendMail.queue }),
  ],
  controllers: [
    OrderEventsController,
    AuthEventsController,
    MailsController,
    MailPreferencesController,
    DeadMailsController,
  ],
  providers: [
    provideSettings(NotificationsConfig),
    MailsService,
    MailPreferencesService,
    MailQueueService,
    DeadMailDeskService,
    MailTransportService,
    MailsProcessor,
    MailSweeperService,
    WaitingMailsService,
    OrderEventsService,
    UnwrittenEventsService,
    MissedEventsService,
  ],
})
export class NotificationsModule {}
