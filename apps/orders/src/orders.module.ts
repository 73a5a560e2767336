import { Module } from '@nestjs/common';
import { PlatformModule } from '@suite/platform';
import { CancellingService } from './cancelling.service';
import { OrderStoreModule } from './order-store.module';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';
import { PlacingService } from './placing.service';

/** Accepts orders and shows them. */
@Module({
  imports: [PlatformModule.forService('orders'), OrderStoreModule],
  controllers: [OrdersController],
  providers: [PlacingService, CancellingService, OrdersService],
})
export class OrdersModule {}
