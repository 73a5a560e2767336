import { Module } from '@nestjs/common';
import { PlatformModule } from '@suite/platform';
import { ArchivingService } from './archiving.service';
import { AuditService } from './audit.service';
import { ClaimsService } from './claims.service';
import { DebtsService } from './debts.service';
import { OrderStoreModule } from './order-store.module';
import { OrderFlow } from './order-flow';
import { OrderProcessor } from './order.processor';
import { ReconcilerService } from './reconciler.service';
import { ReservingService } from './reserving.service';
import { UnpaidOrdersService } from './unpaid-orders.service';
import { WaitingOrdersService } from './waiting-orders.service';

/** Takes accepted orders to their end, and looks after those that got stuck on the way. */
@Module({
  imports: [PlatformModule.forClient('processor'), OrderStoreModule],
  providers: [
    ClaimsService,
    ReservingService,
    OrderFlow,
    OrderProcessor,
    DebtsService,
    WaitingOrdersService,
    UnpaidOrdersService,
    ArchivingService,
    AuditService,
    ReconcilerService,
  ],
})
export class ProcessorModule {}
