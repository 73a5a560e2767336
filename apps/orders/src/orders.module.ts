import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { PlatformModule } from '@suite/platform';
import { AuditService } from './audit.service';
import { CancellingService } from './cancelling.service';
import { DeadLetterDeskService } from './dead-letter-desk.service';
import { DeadLettersController } from './dead-letters.controller';
import { OrderStoreModule } from './order-store.module';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';
import { PlacingService } from './placing.service';
import { ReplayRunRecord, ReplayRunSchema } from './replay-run.schema';
import { ReplayRunsService } from './replay-runs.service';

/** Accepts orders and shows them, and has the desk where admins decide about dead letters. */
@Module({
  imports: [
    PlatformModule.forService('orders'),
    OrderStoreModule,
    MongooseModule.forFeature([{ name: ReplayRunRecord.name, schema: ReplayRunSchema }]),
  ],
  controllers: [OrdersController, DeadLettersController],
  providers: [PlacingService, CancellingService, OrdersService, DeadLetterDeskService, ReplayRunsService, AuditService],
})
export class OrdersModule {}
