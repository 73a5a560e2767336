import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { TerminusModule } from '@nestjs/terminus';
import { ThrottlerModule } from '@nestjs/throttler';
import { PlatformModule } from '@suite/platform';
import { AccessGuard } from './access.guard';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccountController } from './account.controller';
import { AdmissionService } from './admission.service';
import { AllOrdersController } from './all-orders.controller';
import { AnalyticsController } from './analytics.controller';
import { AuthController } from './auth.controller';
import { AudienceService } from './audience.service';
import { AuditController } from './audit.controller';
import { BoardModule } from './board.module';
import { CartController } from './cart.controller';
import { ConsoleController } from './console.controller';
import { ConsoleDataController } from './console-data.controller';
import { ConsoleFiles } from './console-files';
import { ChatbotController } from './chatbot.controller';
import { DeadLettersController } from './dead-letters.controller';
import { DeadMailsController } from './dead-mails.controller';
import { DemoController } from './demo.controller';
import { DemoService } from './demo.service';
import { DraftsService } from './drafts.service';
import { ExportService } from './export.service';
import { FlowService } from './flow.service';
import { GateModule } from './gate.module';
import { GateService } from './gate.service';
import { GatewayConfig } from './gateway.config';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { InputPipe } from './input-pipe';
import { LiveExamplesService } from './live-examples.service';
import { LiveService } from './live.service';
import { MailPreferencesController } from './mail-preferences.controller';
import { MetricsFeedService } from './metrics-feed.service';
import { MissedService } from './missed.service';
import { OperationsService } from './operations.service';
import { OrderEventsController } from './order-events.controller';
import { OrderAdministrationController } from './order-administration.controller';
import { OrdersController } from './orders.controller';
import { OrdersGateway } from './orders.gateway';
import { PlacedOrdersService } from './placed-orders.service';
import { PaymentWebhooksController } from './payment-webhooks.controller';
import { ProblemFilter } from './problem.filter';
import { ProblemsController } from './problems.controller';
import { ProductAdministrationController } from './product-administration.controller';
import { ProductsController } from './products.controller';
import { RateLimitGuard, rateLimits } from './rate-limit.guard';
import { RateLimitService } from './rate-limit.service';
import { ReplyEventsService } from './reply-events.service';
import { SessionGuard } from './session.guard';
import { StockController } from './stock.controller';
import { UsersController } from './users.controller';
import { WebhooksController } from './webhooks.controller';

@Module({
  imports: [
    PlatformModule.forClient('gateway'),
    GateModule,
    BoardModule,
    PassportModule,
    // The result is the answer; a log line for each probe of a suite that is down would say nothing new.
    TerminusModule.forRoot({ logger: false }),
    ThrottlerModule.forRootAsync({
      inject: [GatewayConfig, GateService],
      useFactory: (config: GatewayConfig, gate: GateService) => ({
        ...rateLimits(config),
        storage: new RateLimitService(gate),
      }),
    }),
  ],
  controllers: [
    AuthController,
    AccountController,
    UsersController,
    ProductsController,
    ProductAdministrationController,
    StockController,
    CartController,
    OrdersController,
    OrderEventsController,
    AllOrdersController,
    AnalyticsController,
    ChatbotController,
    DeadLettersController,
    DeadMailsController,
    MailPreferencesController,
    AuditController,
    OrderAdministrationController,
    PaymentWebhooksController,
    WebhooksController,
    ProblemsController,
    HealthController,
    ConsoleController,
    ConsoleDataController,
    DemoController,
  ],
  providers: [
    AccessTokenStrategy,
    HealthService,
    ExportService,
    LiveExamplesService,
    LiveService,
    DraftsService,
    ReplyEventsService,
    MissedService,
    AudienceService,
    MetricsFeedService,
    FlowService,
    OperationsService,
    ConsoleFiles,
    DemoService,
    OrdersGateway,
    AdmissionService,
    PlacedOrdersService,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: InputPipe },
    // In this order: who is it, how often was it here, may it.
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class GatewayModule {}
