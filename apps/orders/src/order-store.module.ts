import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { orders } from '@suite/contracts';
import { MongoModule, provideSettings, QueueModule } from '@suite/platform';
import { DispatchService } from './dispatch.service';
import { FactsService } from './facts.service';
import { OrderRecord, OrderSchema } from './order.schema';
import { OrderStore } from './order.store';
import { OrdersConfig } from './orders.config';

/** What the two processes of this app share: where orders are kept, told and enqueued. */
@Module({
  imports: [
    MongoModule.forService('orders'),
    MongooseModule.forFeature([{ name: OrderRecord.name, schema: OrderSchema }]),
    QueueModule,
    BullModule.registerQueue({ name: orders.process.queue }),
  ],
  providers: [provideSettings(OrdersConfig), OrderStore, FactsService, DispatchService],
  exports: [OrdersConfig, OrderStore, FactsService, DispatchService, BullModule],
})
export class OrderStoreModule {}
