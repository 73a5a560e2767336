import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createLogger,
  exitOnSettingsError,
  isProduction,
  loadEnvFile,
  loadSettings,
  PlatformConfig,
} from '@suite/platform';
import { SandboxConfig } from './sandbox.config';
import { SandboxModule } from './sandbox.module';

async function start(): Promise<void> {
  loadEnvFile();
  const logger = createLogger('sandbox', loadSettings(PlatformConfig));
  if (isProduction()) {
    logger.error('The sandbox shows every mail to everybody and is never started with NODE_ENV=production.');
    process.exit(78); // EX_CONFIG of sysexits.h: starting again does not help.
  }
  const app = await NestFactory.create<NestFastifyApplication>(SandboxModule, new FastifyAdapter(), {
    logger,
    abortOnError: false,
  });
  const { SANDBOX_PORT, SANDBOX_HOST } = app.get(SandboxConfig);
  await app.listen(SANDBOX_PORT, SANDBOX_HOST);
  logger.log(`The inbox is at http://${SANDBOX_HOST}:${SANDBOX_PORT}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void app.close().then(() => process.exit(0)));
  process.send?.('ready');
}

start().catch(exitOnSettingsError);
