import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { durationMs, loadEnvFile, MongoLink, MongoModule, PlatformModule, provideSettings } from '@suite/platform';
import { database } from './database';
import { PaymentStore } from './payment-store';
import { PaymentsConfig } from './payments.config';
import { PaypalProvider } from './paypal.provider';
import { ProvidersService } from './providers.service';
import { ReconciliationService } from './reconciliation.service';
import { StripeProvider } from './stripe.provider';

@Module({
  imports: [PlatformModule.forClient('reconcile'), MongoModule.forService(database)],
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

/**
 * `--since 24h`. Prints what differs, one line each. Exit code 1 if anything does, 2 for a wrong argument or where it could
 * not be found out.
 */
async function reconcile(): Promise<number> {
  loadEnvFile();
  // In the container image its own name comes first.
  const options = { since: { type: 'string', default: '24h' } } as const;
  const { since: wanted } = parseArgs({ options, allowPositionals: true }).values;
  if (!/^\d+(s|m|h|d)$/.test(wanted)) throw new Error('--since must be a duration such as 30m, 24h or 7d');
  const app = await NestFactory.createApplicationContext(ReconcileModule, { logger: false, abortOnError: false });
  await app.get(MongoLink).whenOpen();
  const since = new Date(Date.now() - durationMs(wanted));
  const { compared, differences } = await app.get(ReconciliationService).compare(since);
  for (const difference of differences) process.stdout.write(`✖ ${difference}\n`);
  process.stdout.write(`${compared} payments since ${since.toISOString()}, ${differences.length} differences\n`);
  await app.close();
  return differences.length > 0 ? 1 : 0;
}

void reconcile()
  .catch((error: Error) => {
    process.stderr.write(`✖ The ledgers could not be compared: ${error.message}\n`);
    return 2;
  })
  .then((code) => process.exit(code));
