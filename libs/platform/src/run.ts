import type { LoggerService, Type } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { StreamsServer } from './bus/streams.server';
import { createLogger } from './logger';
import { PlatformConfig } from './platform.config';
import { exitOnSettingsError, loadEnvFile, loadSettings } from './settings';

/** After this long a process that was told to end ends, whatever still runs. */
const SHUTDOWN_MS = 9_500;

export interface RunOptions {
  service: string;
  module: Type;
}

/** Runs a process that answers messages and hears facts. The module imports `PlatformModule.forService`. */
export function runService({ service, module }: RunOptions): Promise<void> {
  return runProcess(service, async (logger) => {
    const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
      inject: [StreamsServer],
      useFactory: (strategy: StreamsServer) => ({ strategy }),
      logger,
      abortOnError: false,
    });
    await app.listen();
    return app;
  });
}

/** Runs a process that answers nobody: it works off queues, and may ask and tell. `PlatformModule.forClient`. */
export function runWorker({ service, module }: RunOptions): Promise<void> {
  return runProcess(service, (logger) => NestFactory.createApplicationContext(module, { logger, abortOnError: false }));
}

/**
 * The life of any process: settings, logging, signals. `start` resolves when it works; what it returns is closed, in
 * order, on SIGTERM and SIGINT, and the process ends with 0 within 10 s. Settings that are wrong end it with 78 and a
 * readable line, an error that nobody caught with 1: its state is not to be trusted any more, and a supervisor starts
 * it again.
 */
export async function runProcess(
  name: string,
  start: (logger: LoggerService) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  try {
    loadEnvFile();
    const logger = createLogger(name, loadSettings(PlatformConfig));
    Logger.overrideLogger(logger);
    const log = new Logger(name);
    const die = (error: unknown) => {
      log.error(
        error instanceof Error ? error.message : String(error),
        error instanceof Error ? error.stack : undefined,
      );
      setTimeout(() => process.exit(1), 100);
    };
    process.on('uncaughtException', die).on('unhandledRejection', die);

    const app = await start(logger);
    const end = (signal: string) => {
      log.log(`${signal}: finishing what is in hand`);
      setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
      void app.close().then(() => process.exit(0), die);
    };
    process.once('SIGTERM', end).once('SIGINT', end);
    process.send?.('ready');
  } catch (error) {
    exitOnSettingsError(error);
  }
}
