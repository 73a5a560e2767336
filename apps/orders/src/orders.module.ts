import { Module } from '@nestjs/common';
import { PlatformModule } from '@suite/platform';
import { AllOrdersService } from './all-orders.service';
import { AuditService } from './audit.service';
import { BacklogService } from './backlog.service';
import { AuthEventsController } from './auth-events.controller';
import { CancellingService } from './cancelling.service';
import { CartStore } from './cart-store';
import { CartsController } from './carts.controller';
import { CartsService } from './carts.service';
import { CheckoutService } from './checkout.service';
import { CommandsService } from './commands.service';
import { DeadLetterDeskService } from './dead-letter-desk.service';
import { DeadLettersController } from './dead-letters.controller';
import { DryRunsService } from './dry-runs.service';
import { ErasingService } from './erasing.service';
import { FiguresService } from './figures.service';
import { FulfilmentService } from './fulfilment.service';
import { NotesService } from './notes.service';
import { OrderAdministrationController } from './order-administration.controller';
import { OrderStoreModule } from './order-store.module';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';
import { PaymentEventsController } from './payment-events.controller';
import { PaymentMethodsService } from './payment-methods.service';
import { PlacingService } from './placing.service';
import { ProductFiguresService } from './product-figures.service';
import { QuotesService } from './quotes.service';
import { RefundingService } from './refunding.service';
import { ReplayRunsService } from './replay-runs.service';
import { ReportsController } from './reports.controller';
import { ReportsService } from './reports.service';
import { StandingService } from './standing.service';
import { StoriesService } from './stories.service';

/**
 * Accepts orders and shows them, does what customers and admins want of them later, keeps carts, and has the desk where
 * admins decide about dead letters and see what it all comes to.
 */
@Module({
  imports: [PlatformModule.forService('orders'), OrderStoreModule],
  controllers: [
    OrdersController,
    OrderAdministrationController,
    ReportsController,
    CartsController,
    DeadLettersController,
    AuthEventsController,
    PaymentEventsController,
  ],
  providers: [
    BacklogService,
    PlacingService,
    QuotesService,
    OrdersService,
    CancellingService,
    CommandsService,
    FulfilmentService,
    RefundingService,
    NotesService,
    PaymentMethodsService,
    CartStore,
    CartsService,
    CheckoutService,
    ErasingService,
    DeadLetterDeskService,
    ReplayRunsService,
    AuditService,
    AllOrdersService,
    FiguresService,
    ProductFiguresService,
    ReportsService,
    StandingService,
    StoriesService,
    DryRunsService,
  ],
})
export class OrdersModule {}
