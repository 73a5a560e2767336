import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConnectionStates, createConnection, type Connection, type ConnectOptions } from 'mongoose';
import type { HealthChecks } from './health-checks';
import { failWhatWaitsForAClosedSocket } from './mongo-socket';
import { isConnectivityError } from './problems';
import { traceCommands } from './traced-commands';
import { tracing } from './tracing';

const RETRY_MS = 500;

failWhatWaitsForAClosedSocket();

/** What is acknowledged survives the death of a minority, and what cannot be done now is refused soon. */
const OPTIONS: ConnectOptions = {
  writeConcern: { w: 'majority', journal: true },
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 2_000,
  waitQueueTimeoutMS: 2_000,
  // How soon a server that is back is noticed; one that goes away is noticed by its connections at once.
  heartbeatFrequencyMS: 1_000,
  maxPoolSize: 50,
  // A command without a connection fails at once instead of waiting for one in memory.
  bufferCommands: false,
  // Built below, again until it succeeds: the library tries once and forgets.
  autoCreate: false,
  autoIndex: false,
};

/** `mongodb://host/shop?…` and `orders` make `shoporders`; without a name in the URI it is `orders`. */
export function databaseOf(uri: string, service: string): string {
  const prefix = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(uri)?.[1] ?? '';
  return prefix + service;
}

/** Opens the database and builds its collections and indexes, and keeps trying while MongoDB is away. */
export class MongoLink implements OnModuleInit, OnApplicationShutdown {
  readonly connection: Connection = createConnection();
  private readonly log = new Logger(MongoLink.name);
  private readonly opened: Promise<void>;
  private open!: () => void;
  private closing = false;

  constructor(
    private readonly uri: string,
    private readonly service: string,
    health: HealthChecks,
  ) {
    this.opened = new Promise((resolve) => (this.open = resolve));
    health.add('mongodb', () => (this.away ? 'not connected' : undefined), { needed: true });
    this.connection.on('error', () => undefined);
    this.connection.on('disconnected', () => this.closing || this.log.warn('MongoDB is away'));
    this.connection.on('connected', () => this.log.log('MongoDB is there'));
  }

  get away(): boolean {
    return this.connection.readyState !== ConnectionStates.connected;
  }

  /** Resolves when the database is open and its indexes are built: the time to seed. May take as long as it takes. */
  whenOpen(): Promise<void> {
    return this.opened;
  }

  /** Waits for the first try, so that whoever starts after this finds a database if there is one. */
  async onModuleInit(): Promise<void> {
    if (await this.tryOpen()) return;
    this.log.warn('The database could not be opened; trying on');
    void this.keepTrying();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    await this.connection.close();
  }

  private async keepTrying(): Promise<void> {
    do await pause(RETRY_MS);
    while (!this.closing && !(await this.tryOpen()));
  }

  private async tryOpen(): Promise<boolean> {
    try {
      const dbName = databaseOf(this.uri, this.service);
      await this.connection.openUri(this.uri, { ...OPTIONS, dbName, monitorCommands: tracing !== undefined });
      if (tracing) traceCommands(this.connection.getClient());
      for (const model of Object.values(this.connection.models)) {
        await model.createCollection();
        await model.ensureIndexes();
      }
      this.open();
      return true;
    } catch (error) {
      if (!isConnectivityError(error)) this.log.error(error);
      return false;
    }
  }
}
