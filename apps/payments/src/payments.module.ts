import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { payments } from '@suite/contracts';
import { MongoModule, PlatformModule, provideSettings, QueueModule } from '@suite/platform';
import { AuthEventsController } from './auth-events.controller';
import { database } from './database';
import { ErasingService } from './erasing.service';
import { PaymentFlow } from './payment-flow';
import { PaymentNewsService } from './payment-news.service';
import { PaymentQueueService } from './payment-queue.service';
import { PaymentStore } from './payment-store';
import { PaymentSweeperService } from './payment-sweeper.service';
import { PaymentsConfig } from './payments.config';
import { PaymentsController } from './payments.controller';
import { PaymentsProcessor } from './payments.processor';
import { PaymentsService } from './payments.service';
import { PaypalProvider } from './paypal.provider';
import { ProvidersService } from './providers.service';
import { RefundsService } from './refunds.service';
import { StripeProvider } from './stripe.provider';
import { WebhookInboxService } from './webhook-inbox.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhooksProcessor } from './webhooks.processor';
import { WebhooksService } from './webhooks.service';

@Module({
  imports: [
    PlatformModule.forService('payments'),
    MongoModule.forService(database),
    QueueModule,
    BullModule.registerQueue({ name: payments.settle.queue }, { name: payments.processWebhook.queue }),
  ],
  controllers: [PaymentsController, AuthEventsController],
  providers: [
    provideSettings(PaymentsConfig),
    PaymentStore,
    PaymentQueueService,
    PaymentNewsService,
    PaymentFlow,
    PaymentsProcessor,
    PaymentsService,
    RefundsService,
    StripeProvider,
    PaypalProvider,
    ProvidersService,
    WebhookInboxService,
    WebhookQueueService,
    WebhooksService,
    WebhooksProcessor,
    ErasingService,
    PaymentSweeperService,
  ],
})
export class PaymentsModule {}
