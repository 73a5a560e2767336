import 'reflect-metadata';
import { runService } from '@suite/platform';
import { OrdersModule } from './orders.module';

void runService({ service: 'orders', module: OrdersModule });
