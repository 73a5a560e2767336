import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DEAD_LETTER_QUEUE, orders } from '@suite/contracts';
import { MongoModule, provideSettings, QueueModule } from '@suite/platform';
import { CompensationService } from './compensation.service';
import { database } from './database';
import { DeadLetterBoardService } from './dead-letter-board.service';
import { DeadLettersService } from './dead-letters.service';
import { DispatchService } from './dispatch.service';
import { FactsService } from './facts.service';
import { LanesService } from './lanes.service';
import { MovesService } from './moves.service';
import { OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';
import { ReplaysService } from './replays.service';
import { PayoutsService } from './payouts.service';
import { OrderPaymentsService } from './order-payments.service';
import { RestockingService } from './restocking.service';
import { ReportStoreModule } from './report-store.module';
import { SellingService } from './selling.service';
import { SettlingService } from './settling.service';

const shared = [
  OrderStore,
  MovesService,
  FactsService,
  DispatchService,
  DeadLetterBoardService,
  DeadLettersService,
  ReplaysService,
  CompensationService,
  RestockingService,
  PayoutsService,
  SellingService,
  SettlingService,
  OrderPaymentsService,
  LanesService,
];

/** What the two processes of this app share: where orders are kept, moved, told, enqueued and given up. */
@Module({
  imports: [
    MongoModule.forService(database),
    QueueModule,
    ReportStoreModule,
    BullModule.registerQueue({ name: orders.process.queue }, { name: DEAD_LETTER_QUEUE }),
  ],
  providers: [provideSettings(OrdersConfig), ...shared],
  exports: [OrdersConfig, BullModule, ReportStoreModule, ...shared],
})
export class OrderStoreModule {}
