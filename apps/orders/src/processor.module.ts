import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DEAD_LETTER_QUEUE } from '@suite/contracts';
import { PlatformModule } from '@suite/platform';
import { ClaimsService } from './claims.service';
import { DeadLetterRecord, DeadLetterSchema } from './dead-letter.schema';
import { DeadLettersService } from './dead-letters.service';
import { DebtsService } from './debts.service';
import { LeaseRecord, LeaseSchema } from './lease.schema';
import { LeasesService } from './leases.service';
import { MovesService } from './moves.service';
import { OrderStoreModule } from './order-store.module';
import { OrderFlow } from './order.flow';
import { OrderProcessor } from './order.processor';
import { ReconcilerService } from './reconciler.service';
import { WaitingOrdersService } from './waiting-orders.service';

/** Takes accepted orders to their end, and looks after those that got stuck on the way. */
@Module({
  imports: [
    PlatformModule.forClient('processor'),
    OrderStoreModule,
    BullModule.registerQueue({ name: DEAD_LETTER_QUEUE }),
    MongooseModule.forFeature([
      { name: DeadLetterRecord.name, schema: DeadLetterSchema },
      { name: LeaseRecord.name, schema: LeaseSchema },
    ]),
  ],
  providers: [
    ClaimsService,
    MovesService,
    OrderFlow,
    OrderProcessor,
    DeadLettersService,
    LeasesService,
    DebtsService,
    WaitingOrdersService,
    ReconcilerService,
  ],
})
export class ProcessorModule {}
