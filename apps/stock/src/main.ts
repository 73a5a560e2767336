import 'reflect-metadata';
import { runService } from '@suite/platform';
import { StockModule } from './stock.module';

void runService({ service: 'stock', module: StockModule });
