import { parseArgs } from 'node:util';
import { createConnection } from 'mongoose';
import type { DeclaredIndex } from './indexes';
import { Migrator, type AppliedMigration, type Migration, type ServiceDatabase } from './migrator';
import { databaseOf, MONGO_OPTIONS } from './mongo-link';
import { armFailpoints } from './failpoints';
import { PlatformConfig } from './platform.config';
import { exitOnSettingsError, loadEnvFile, loadSettings, SettingsError } from './settings';

/** A line of what `migrate` prints, as JSON: for `npm run migrate`, which makes one table of all databases. */
type Line = { progress: string } | StateLine;

interface StateLine {
  what: string;
  /** `applied`: now, by this process or another; `before`: by an earlier run. */
  state: 'applied' | 'before' | 'pending' | 'other release' | 'built' | 'different';
  at?: Date;
  ms?: number;
}

/**
 * Brings the database of one service to where this release wants it, and ends with 0. `--dry-run`: changes nothing, and
 * ends with 1 if something is pending. 2: it could not be found out, or not be done.
 */
export async function migrate(database: ServiceDatabase): Promise<void> {
  try {
    loadEnvFile();
    const settings = loadSettings(PlatformConfig);
    armFailpoints(settings);
    const { MONGODB_URI: uri } = settings;
    const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
    const connection = createConnection();
    await connection.openUri(uri, { ...MONGO_OPTIONS, dbName: databaseOf(uri, database.name) });
    for (const { name, schema, collection } of database.models ?? []) connection.model(name, schema, collection);
    const migrator = new Migrator(connection, database);
    process.exitCode = await (values['dry-run'] ? preview(migrator, database) : run(migrator, database));
    await connection.close();
  } catch (error) {
    if (error instanceof SettingsError) exitOnSettingsError(error);
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

async function preview(migrator: Migrator, { migrations = [] }: ServiceDatabase): Promise<number> {
  const [applied, pending] = [await migrator.applied(), await migrator.pending()];
  for (const record of applied) say(lineOf(record, migrations));
  for (const { id } of pending.migrations) say({ what: id, state: 'pending' });
  for (const index of pending.indexes)
    say({ what: nameOf(index), state: index.state === 'missing' ? 'pending' : 'different' });
  return pending.migrations.length + pending.indexes.length > 0 ? 1 : 0;
}

async function run(migrator: Migrator, { migrations = [] }: ServiceDatabase): Promise<number> {
  const before = new Set((await migrator.applied()).map(({ _id }) => _id));
  const built = await migrator.run({
    applying: ({ id }, text = 'begins') => say({ progress: `${id}: ${text}` }),
    applied: ({ _id }) => say({ progress: `${_id}: done` }),
  });
  for (const record of await migrator.applied()) {
    const line = lineOf(record, migrations);
    say(line.state === 'before' && !before.has(record._id) ? { ...line, state: 'applied' } : line);
  }
  for (const index of built) say({ what: nameOf(index), state: 'built' });
  return 0;
}

const lineOf = ({ _id, at, tookMs }: AppliedMigration, known: readonly Migration[]): StateLine => ({
  what: _id,
  state: known.some(({ id }) => id === _id) ? 'before' : 'other release',
  at,
  ms: tookMs,
});

const nameOf = ({ collection, name }: DeclaredIndex): string => `index ${name} of ${collection}`;

const say = (line: Line): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
