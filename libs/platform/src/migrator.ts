import { setTimeout as pause } from 'node:timers/promises';
import type { ModelDefinition } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { failpoints } from './failpoints';
import { buildIndexes, createCollections, declaredIndexes, type DeclaredIndex } from './indexes';
import { Leases } from './leases';

const LEASE = 'migrations';
/** A process that dies in the middle of one is followed after so many ms. */
const LEASE_MS = 6_000;
/** How often whoever waits for another looks again, in ms. */
const LOOK_MS = 250;

/** What a service keeps: its database, what is in it, and how it came to be what it is. */
export interface ServiceDatabase {
  /** Of the service, and of the database, after the prefix that MONGODB_URI may have. */
  name: string;
  models?: ModelDefinition[];
  /** In the order of their ids. */
  migrations?: readonly Migration[];
}

/** One change of data or of indexes that is made once, in order. How to write one: docs/CONTRIBUTING.md. */
export interface Migration {
  /** `2026-11-27-drop-former-lists`: the day on which it was written, and a name. Never changed again. */
  id: string;
  /** What it does, for whoever reads the table. */
  title: string;
  /** May be run again, from the beginning, after having been stopped anywhere; and leaves the last release working. */
  up(step: MigrationStep): Promise<void>;
}

export interface MigrationStep {
  db: mongo.Db;
  /** Says how far it is. */
  progress: (text: string) => void;
  /** Somebody else goes on with it: to be looked at between its steps. */
  signal: AbortSignal;
}

export interface AppliedMigration {
  _id: string;
  title: string;
  /** When it was done. */
  at: Date;
  tookMs: number;
}

/** What a database lacks of what this release wants. */
export interface Pending {
  migrations: Migration[];
  indexes: DeclaredIndex[];
}

export interface Progress {
  applying?(migration: Migration, text?: string): void;
  applied?(record: AppliedMigration): void;
}

/** Brings one database to where this release wants it: collections and indexes as declared, migrations recorded. */
export class Migrator {
  private readonly leases: Leases;
  private readonly migrations: readonly Migration[];

  /** @throws Error where the ids are not in order: what was added in the middle would never run in its place. */
  constructor(
    private readonly connection: Connection,
    { name, migrations = [] }: ServiceDatabase,
  ) {
    this.leases = new Leases(connection);
    this.migrations = migrations;
    const unordered = migrations.find(({ id }, i) => i > 0 && id <= migrations[i - 1].id);
    if (unordered) throw new Error(`The migrations of ${name} are not in the order of their ids: ${unordered.id}`);
  }

  /** All that were ever applied here, also by other releases, in their order. */
  applied(): Promise<AppliedMigration[]> {
    return this.records.find().sort({ _id: 1 }).toArray();
  }

  async pending(): Promise<Pending> {
    const [migrations, indexes] = await Promise.all([this.unapplied(), declaredIndexes(this.connection)]);
    return { migrations, indexes: indexes.filter(({ state }) => state !== 'there') };
  }

  /**
   * First what only adds: collections, indexes. Then the migrations, one process at a time; the others wait until there is
   * nothing left. Then the indexes that a migration had to make room for.
   *
   * @returns the indexes that were missing
   * @throws what a migration throws; Error where an index stays different from what is declared
   */
  async run(progress: Progress = {}): Promise<DeclaredIndex[]> {
    await createCollections(this.connection);
    const { migrations, indexes } = await this.pending();
    const refused = await buildIndexes(this.connection, indexes);
    while ((await this.unapplied()).length > 0) {
      const held = await this.leases.hold(LEASE, LEASE_MS, (signal) => this.apply(progress, signal));
      if (!held) await pause(LOOK_MS);
    }
    if (refused.length > 0 || migrations.length > 0) await this.rebuild();
    return indexes;
  }

  private async apply(progress: Progress, signal: AbortSignal): Promise<void> {
    for (const migration of await this.unapplied()) {
      signal.throwIfAborted();
      const { id: _id, title } = migration;
      progress.applying?.(migration);
      const since = performance.now();
      if (failpoints) await failpoints.reach('migration.applying', { _id });
      await migration.up({ db: this.db, signal, progress: (text) => progress.applying?.(migration, text) });
      if (failpoints) await failpoints.reach('migration.applied', { _id });
      const record = { _id, title, at: new Date(), tookMs: Math.round(performance.now() - since) };
      await this.records.updateOne({ _id }, { $setOnInsert: { title, at: record.at, tookMs: record.tookMs } }, UPSERT);
      progress.applied?.(record);
    }
  }

  private async rebuild(): Promise<void> {
    const [wrong] = await buildIndexes(this.connection, (await this.pending()).indexes);
    if (!wrong) return;
    const { name, collection } = wrong;
    throw new Error(
      `The index ${name} of ${collection} is not as this release declares it, and no migration changes it`,
    );
  }

  private async unapplied(): Promise<Migration[]> {
    if (this.migrations.length === 0) return [];
    const applied = new Set((await this.applied()).map(({ _id }) => _id));
    return this.migrations.filter(({ id }) => !applied.has(id));
  }

  private get db(): mongo.Db {
    return this.connection.db!;
  }

  private get records(): mongo.Collection<AppliedMigration> {
    return this.db.collection('migrations');
  }
}

const UPSERT = { upsert: true };
