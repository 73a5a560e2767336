import { Module, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { provideSettings } from '@suite/platform';
import { HealthController } from './health.controller';
import { InboxController } from './inbox.controller';
import { MailSinkService } from './mail-sink.service';
import { MailboxService } from './mailbox.service';
import { MailsController } from './mails.controller';
import { ModelSwitchesController } from './model-switches.controller';
import { ModelController } from './model.controller';
import { ModelService } from './model.service';
import { SandboxConfig } from './sandbox.config';
import { SesController } from './ses.controller';
import { SwitchesController } from './switches.controller';
import { SwitchesService } from './switches.service';

@Module({
  controllers: [
    InboxController,
    MailsController,
    SesController,
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
    ModelService,
  ],
})
export class SandboxModule {}
