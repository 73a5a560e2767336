import { Logger, type INestApplicationContext, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { StreamsServer } from './bus/streams-server';
import { armFailpoints } from './failpoints';
import { HealthChecks } from './health-checks';
import { createLogger } from './logger';
import { PlatformConfig } from './platform.config';
import { isConnectivityError } from './problems';
import { exitOnSettingsError, loadEnvFile, loadSettings } from './settings';
import { startTracing, tracing } from './tracing';

/** A process that was told to end ends after so many ms, whatever still runs. */
const SHUTDOWN_MS = 9_500;
/** What was logged last needs a moment to reach its file. */
const LAST_WORDS_MS = 50;

export interface RunOptions {
  service: string;
  module: Type;
}

/** Something that runs until it is closed. */
export interface Running {
  close(): Promise<void>;
  /** When it can do its work, if that is not at once. */
  whenReady?(): Promise<void>;
}

/** Runs a process that answers messages and hears facts. Its module imports `PlatformModule.forService`. */
export function runService({ service, module }: RunOptions): Promise<void> {
  return runProcess(service, async (logger) => {
    const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
      inject: [StreamsServer],
      useFactory: (strategy: StreamsServer) => ({ strategy }),
      logger,
      abortOnError: false,
    });
    await app.listen();
    return running(app);
  });
}

/** Runs a process that answers nobody: it works off queues, and may ask and tell. `PlatformModule.forClient`. */
export function runWorker({ service, module }: RunOptions): Promise<void> {
  return runProcess(service, async (logger) =>
    running(await NestFactory.createApplicationContext(module, { logger, abortOnError: false })),
  );
}

/** Runs what is done once: the process ends with 0 when `work` is done, with 1 when it fails. `PlatformModule.forClient`. */
export function runOnce(
  { service, module }: RunOptions,
  work: (app: INestApplicationContext) => Promise<void>,
): Promise<void> {
  return runProcess(service, async (logger) => {
    const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
    await work(app);
    await app.close();
    await tracing?.close();
    setTimeout(() => process.exit(0), LAST_WORDS_MS);
    return app;
  });
}

const running = (app: INestApplicationContext): Running => ({
  close: () => app.close(),
  whenReady: () => app.get(HealthChecks).whenAllUp(),
});

/**
 * The life of any process: settings, logging, signals. On SIGTERM and SIGINT what `start` returned is closed and the
 * process ends with 0 within 10 s. Settings that are wrong end it with 78 and a readable line; an error that nobody
 * caught ends it with 1, for its state is not to be trusted any more and a supervisor starts it again. A parent process
 * is sent `ready`.
 */
export async function runProcess(name: string, start: (logger: LoggerService) => Promise<Running>): Promise<void> {
  try {
    loadEnvFile();
    const settings = loadSettings(PlatformConfig);
    armFailpoints(settings);
    const logger = createLogger(name, settings);
    Logger.overrideLogger(logger);
    startTracing(name, settings);
    const log = new Logger(name);
    let app: Running | undefined = undefined;
    let ending = false;

    const exit = (code: number) => setTimeout(() => process.exit(code), LAST_WORDS_MS);
    const die = (error: unknown) => {
      // Whoever says goodbye to a store that is away is not heard, and that is all.
      if (ending && isConnectivityError(error)) return;
      log.error(error instanceof Error ? error : String(error));
      exit(1);
    };
    const end = (signal: string) => {
      ending = true;
      log.log(`${signal}: finishing what is in hand`);
      setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
      void Promise.resolve(app?.close())
        .catch(die)
        .then(() => tracing?.close())
        .then(() => exit(0));
    };
    // Said in so many words, because nothing else in a log tells a crash from an error that was dealt with.
    const uncaught = (error: unknown) => {
      if (!ending) log.error('Uncaught, so this process ends:');
      die(error);
    };
    process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
    process.once('SIGTERM', end).once('SIGINT', end);

    app = await start(logger);
    await app.whenReady?.();
    process.send?.('ready');
  } catch (error) {
    exitOnSettingsError(error);
  }
}
