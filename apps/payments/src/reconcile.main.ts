import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import {
  durationMs,
  exitOnSettingsError,
  loadEnvFile,
  MongoModule,
  PlatformModule,
  provideSettings,
} from '@suite/platform';
import { PaymentRecord, PaymentSchema } from './payment.schema';
import { PaymentStore } from './payment-store';
import { PaymentsConfig } from './payments.config';
import { PaypalProvider } from './paypal.provider';
import { ProvidersService } from './providers.service';
import { ReconciliationService } from './reconciliation.service';
import { StripeProvider } from './stripe.provider';

@Module({
  imports: [
    PlatformModule.forClient('reconcile'),
    MongoModule.forService('payments'),
    MongooseModule.forFeature([{ name: PaymentRecord.name, schema: PaymentSchema }]),
  ],
  providers: [
    provideSettings(PaymentsConfig),
    PaymentStore,
    StripeProvider,
    PaypalProvider,
    ProvidersService,
    ReconciliationService,
  ],
})
class ReconcileModule {}

/** `--since 24h`. Prints what differs, one line each; exit code 1 if anything does, 2 for a wrong argument. */
async function reconcile(): Promise<number> {
  loadEnvFile();
  const { values } = parseArgs({ options: { since: { type: 'string', default: '24h' } } });
  if (!/^\d+(s|m|h|d)$/.test(values.since)) {
    process.stderr.write('--since must be a duration such as 30m, 24h or 7d\n');
    return 2;
  }
  const app = await NestFactory.createApplicationContext(ReconcileModule, { logger: false, abortOnError: false });
  const since = new Date(Date.now() - durationMs(values.since));
  const { compared, differences } = await app.get(ReconciliationService).compare(since);
  for (const difference of differences) process.stdout.write(`✖ ${difference}\n`);
  process.stdout.write(`${compared} payments since ${since.toISOString()}, ${differences.length} differences\n`);
  await app.close();
  return differences.length > 0 ? 1 : 0;
}

void reconcile()
  .catch((error: unknown) => {
    exitOnSettingsError(error);
  })
  .then((code) => process.exit(code));
