import { Module, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { provideSettings } from '@suite/platform';
import { HealthController } from './health.controller';
import { InboxController } from './inbox.controller';
import { LedgerController } from './ledger.controller';
import { LedgerService } from './ledger.service';
import { MailSinkService } from './mail-sink.service';
import { MailboxService } from './mailbox.service';
import { MailsController } from './mails.controller';
import { ModelSwitchesController } from './model-switches.controller';
import { ModelController } from './model.controller';
import { ModelService } from './model.service';
import { PayController } from './pay.controller';
import { PaypalController } from './paypal.controller';
import { PaypalService } from './paypal.service';
import { SandboxConfig } from './sandbox.config';
import { SesController } from './ses.controller';
import { StripeController } from './stripe.controller';
import { StripeIntentsService } from './stripe-intents.service';
import { StripeRefundsService } from './stripe-refunds.service';
import { StripeSessionsService } from './stripe-sessions.service';
import { SwitchesController } from './switches.controller';
import { SwitchesService } from './switches.service';
import { TillService } from './till.service';
import { WebhooksService } from './webhooks.service';

@Module({
  controllers: [
    InboxController,
    MailsController,
    StripeController,
    PaypalController,
    PayController,
    SesController,
    LedgerController,
    SwitchesController,
    ModelController,
    ModelSwitchesController,
    HealthController,
  ],
  providers: [
    provideSettings(SandboxConfig),
    { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }) },
    MailboxService,
    MailSinkService,
    SwitchesService,
    LedgerService,
    WebhooksService,
    StripeIntentsService,
    StripeSessionsService,
    StripeRefundsService,
    PaypalService,
    TillService,
    ModelService,
  ],
})
export class SandboxModule {}
