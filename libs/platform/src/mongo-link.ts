import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConnectionStates, createConnection, type Connection, type ConnectOptions } from 'mongoose';
import { backoff } from './backoff';
import type { HealthChecks } from './health-checks';
import { Migrator, type Pending, type ServiceDatabase } from './migrator';
import { failWhatWaitsForAClosedSocket } from './mongo-socket';
import { isConnectivityError } from './problems';
import { traceCommands } from './traced-commands';
import { tracing } from './tracing';

const RETRY_MS = 500;
/** How long at most until what failed for another reason than the weather is tried again. */
const LONGEST_RETRY_MS = 10_000;

failWhatWaitsForAClosedSocket();

/** What is acknowledged survives the death of a minority, and what cannot be done now is refused soon. */
export const MONGO_OPTIONS: ConnectOptions = {
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

/** What the operator wants to do by hand is not done yet. */
class NotMigrated extends Error {
  constructor({ migrations, indexes }: Pending) {
    const names = [...migrations.map(({ id }) => id), ...indexes.map(({ name }) => `index ${name}`)];
    super(`The database waits for \`npm run migrate\` (MIGRATE_AT_START=false): ${names.join(', ')}`);
  }
}

/**
 * Opens the database and brings it to where this release wants it, and keeps trying while MongoDB is away. Until then
 * nothing is asked of it: without its unique indexes it would let things happen twice.
 */
export class MongoLink implements OnModuleInit, OnApplicationShutdown {
  readonly connection: Connection = createConnection();
  private readonly log = new Logger(MongoLink.name);
  private readonly opened: Promise<void>;
  private readonly migrator: Migrator;
  private open!: () => void;
  private closing = false;
  private tries = 0;
  /** Why it is not open, although MongoDB is there. */
  private waitsFor: string | undefined = 'its collections and indexes are not there yet';

  constructor(
    private readonly uri: string,
    private readonly database: ServiceDatabase,
    health: HealthChecks,
    private readonly options = { migrate: true },
  ) {
    this.migrator = new Migrator(this.connection, database);
    this.opened = new Promise((resolve) => (this.open = resolve));
    health.add('mongodb', () => (this.away ? 'not connected' : this.waitsFor), { needed: true });
    this.connection.on('error', () => undefined);
    this.connection.on('disconnected', () => this.closing || this.log.warn('MongoDB is away'));
    this.connection.on('connected', () => this.log.log('MongoDB is there'));
  }

  get away(): boolean {
    return this.connection.readyState !== ConnectionStates.connected;
  }

  /** Resolves when the database is open, indexed and migrated: the time to seed. May take as long as it takes. */
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
    do await pause(backoff(Math.max(this.tries, 1), RETRY_MS, LONGEST_RETRY_MS));
    while (!this.closing && !(await this.tryOpen()));
  }

  private async tryOpen(): Promise<boolean> {
    try {
      const dbName = databaseOf(this.uri, this.database.name);
      await this.connection.openUri(this.uri, { ...MONGO_OPTIONS, dbName, monitorCommands: tracing !== undefined });
      if (tracing) traceCommands(this.connection.getClient());
      await this.prepare();
      this.waitsFor = undefined;
      this.open();
      return true;
    } catch (error) {
      this.complain(error as Error);
      return false;
    }
  }

  private async prepare(): Promise<void> {
    if (!this.options.migrate) {
      const pending = await this.migrator.pending();
      if (pending.migrations.length + pending.indexes.length > 0) throw new NotMigrated(pending);
    }
    await this.migrator.run({
      applied: ({ _id, tookMs }) => this.log.log(`Migrated ${this.database.name}: ${_id} (${tookMs} ms)`),
    });
  }

  /** The weather is nobody's fault and passes soon; that it waits for the operator is said once. */
  private complain(error: Error): void {
    if (isConnectivityError(error)) return;
    if (error instanceof NotMigrated) {
      if (this.waitsFor !== error.message) this.log.warn(error.message);
    } else {
      this.tries++;
      this.log.error(error);
    }
    this.waitsFor = error.message;
  }
}
