import 'reflect-metadata';
import { runService } from '@suite/platform';
import { PaymentsModule } from './payments.module';

void runService({ service: 'payments', module: PaymentsModule });
