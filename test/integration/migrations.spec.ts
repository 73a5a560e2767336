import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from 'mongodb';
import { createConnection, type Connection } from 'mongoose';
import { orders } from '@suite/contracts';
import { databaseOf, Migrator, type Migration, type ServiceDatabase } from '@suite/platform';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { root } from '../support/launcher';
import { Service } from '../support/service';
import { someAdmin } from '../support/stock';
import { openWires, type Wires } from '../support/wires';
import { LIFE, shelf, SORTED } from './fixtures/shelf';

jest.setTimeout(120_000);

interface Said {
  code: number;
  output: string;
}

const BOOKS = 20;
const TYPESCRIPT = ['--require', join(root, 'test/support/typescript.js')];

let wires: Wires;
let db: Db;
const connections: Connection[] = [];

beforeEach(async () => {
  wires = await openWires();
  db = wires.database('shelf');
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await wires.close();
});

/** As a service has it: a connection of its own. */
async function migrator(database: ServiceDatabase = shelf()): Promise<Migrator> {
  const uri = wires.environment.MONGODB_URI!;
  const dbName = databaseOf(uri, database.name);
  const connection = await createConnection(uri, { dbName, autoCreate: false, autoIndex: false }).asPromise();
  connections.push(connection);
  for (const { name, schema } of database.models ?? []) connection.model(name, schema);
  return new Migrator(connection, database);
}

/** As an older release left it. */
async function olderDatabase(): Promise<void> {
  await db.collection('books').insertMany(times(BOOKS).map((i) => ({ title: `Book ${i}` })));
  await db.collection('loans').createIndex({ at: 1 }, { name: 'loans_end', expireAfterSeconds: 100 });
}

const run = (args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> =>
  new Promise((resolve) => {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, HOME, NODE_COMPILE_CACHE, NODE_ENV: 'test', ...wires.environment, ...environment };
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) =>
      // Killed ones have no code.
      resolve({ code: error ? Number(error.code ?? 137) : 0, output: stdout + stderr }),
    );
  });

/** The same database, by a process of its own. */
const shelfProcess = (environment: NodeJS.ProcessEnv = {}, ...args: string[]) =>
  run([...TYPESCRIPT, join(__dirname, 'fixtures/shelf.main.ts'), ...args], environment);

/** As an operator types it. */
const npmRunMigrate = (...args: string[]) => run(['scripts/migrate.mjs', ...args]);

const recorded = () => db.collection<{ _id: string; tookMs: number; at: Date }>('migrations').find().toArray();
const sortedOnce = () => db.collection('books').countDocuments({ shelf: 1, times: 1 });
const indexOf = async (collection: string, name: string) =>
  (await db.collection(collection).indexes()).find((index) => index.name === name);

async function expectMigrated(): Promise<void> {
  expect((await recorded()).map(({ _id }) => _id)).toEqual([SORTED, LIFE]);
  expect(await sortedOnce()).toBe(BOOKS);
  expect(await indexOf('loans', 'loans_end')).toMatchObject({ expireAfterSeconds: 200 });
  expect(await indexOf('books', 'title_once')).toMatchObject({ unique: true });
}

describe('migrations', () => {
  it('make a fresh database what it should be, and write down that they were applied, when, and how long it took', async () => {
    const built = await (await migrator()).run();
    expect(built.map(({ name }) => name).sort()).toEqual(['loans_end', 'title_once']);
    for (const { at, tookMs } of await recorded()) {
      expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
      expect(tookMs).toBeGreaterThanOrEqual(0);
    }
    expect((await recorded()).map(({ _id }) => _id)).toEqual([SORTED, LIFE]);
  });

  it('bring an older database up to date, an index that changed included, and do nothing the second time', async () => {
    await olderDatabase();
    await (await migrator()).run();
    await expectMigrated();
    const before = await recorded();
    expect(await (await migrator()).run()).toEqual([]);
    expect(await recorded()).toEqual(before);
    await expectMigrated();
  });

  it('are applied once by several at once', async () => {
    await olderDatabase();
    const applied: string[] = [];
    const replicas = await Promise.all(times(4).map(() => migrator()));
    await Promise.all(replicas.map((replica) => replica.run({ applied: ({ _id }) => applied.push(_id) })));
    expect(applied).toEqual([SORTED, LIFE]);
    await expectMigrated();
  });

  it('are begun again by another where a process died in the middle of one', async () => {
    await olderDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
    const FAILPOINTS = join(folder, 'rules.json');
    const dies = (at: string, nth: number) => ({ name: at, at, action: 'kill', nth });
    // In the middle of its work, and again between its work and its record.
    writeFileSync(FAILPOINTS, JSON.stringify([dies('book.sorted', 7), dies('migration.applied', 1)]));
    expect((await shelfProcess({ FAILPOINTS })).code).toBe(137);
    expect(await sortedOnce()).toBe(7);
    expect(await recorded()).toEqual([]);
    expect((await shelfProcess({ FAILPOINTS })).code).toBe(137);
    expect(await sortedOnce()).toBe(BOOKS);
    expect(await recorded()).toEqual([]);

    const { code, output } = await shelfProcess({ FAILPOINTS });
    expect([code, output]).toEqual([0, expect.stringContaining(SORTED)]);
    await expectMigrated();
    rmSync(folder, { recursive: true });
  });

  it('are only shown by a dry run, which changes nothing', async () => {
    const { code, output } = await shelfProcess({}, '--dry-run');
    expect(code).toBe(1);
    for (const what of [SORTED, LIFE, 'index title_once of books']) expect(output).toContain(what);
    expect(await db.listCollections().toArray()).toEqual([]);
    expect((await shelfProcess()).code).toBe(0);
    expect(await shelfProcess({}, '--dry-run')).toMatchObject({ code: 0 });
  });

  it('say which index is another than declared, where none of them changes it', async () => {
    await olderDatabase();
    const { models } = shelf();
    const unchanged = await migrator({ name: 'shelf', models });
    await expect(unchanged.run()).rejects.toThrow('The index loans_end of loans is not as this release declares it');
    // What could be built is.
    expect(await indexOf('books', 'title_once')).toBeDefined();
  });

  it('are stopped by one that fails, and say why', async () => {
    const fails: Migration = {
      id: '2026-02-04-fails',
      title: 'Fails',
      up: () => Promise.reject(new Error('as it must')),
    };
    const later: Migration = { id: '2026-02-05-later', title: 'Comes later', up: () => Promise.resolve() };
    const replica = await migrator({ ...shelf(), migrations: [...shelf().migrations!, fails, later] });
    await expect(replica.run()).rejects.toThrow('as it must');
    expect((await recorded()).map(({ _id }) => _id)).toEqual([SORTED, LIFE]);
  });

  it('are refused when they are not in order', () => {
    const [first, second] = shelf().migrations!;
    const database = { name: 'shelf', migrations: [second, first] };
    expect(() => new Migrator(createConnection(), database)).toThrow('not in the order of their ids');
  });
});

describe('npm run migrate', () => {
  const former = 'userId_1_createdAt_-1__id_-1';

  it('brings all databases up to date, shows what it did, and has nothing to do the second time', async () => {
    const own = wires.database('orders');
    for (const name of ['auth', 'stock', 'payments', 'notifications']) wires.database(name);
    await own.collection('orders').createIndex({ userId: 1, createdAt: -1, _id: -1 });

    const before = await npmRunMigrate('--check');
    expect(before).toMatchObject({ code: 1 });
    expect(before.output).toMatch(/orders +2026-11-27-drop-former-lists +… pending/);
    expect(before.output).toMatch(/auth +index email_1 of users +… pending/);
    expect((await own.collection('orders').indexes()).map(({ name }) => name)).toContain(former);

    const first = await npmRunMigrate();
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toMatch(/orders +2026-11-27-drop-former-lists +✔ applied now +\d{4}-\d\d-\d\d .* ms/);
    expect(first.output).toMatch(/stock +index sku_once of products +✔ built now/);
    expect((await own.collection('orders').indexes()).map(({ name }) => name)).not.toContain(former);

    const second = await npmRunMigrate();
    expect(second).toMatchObject({ code: 0, output: expect.not.stringContaining('now') });
    expect(await npmRunMigrate('--dry-run')).toMatchObject({ code: 0 });
  });

  it('says so, and ends with 2, where there is no database', async () => {
    const nowhere = { MONGODB_URI: 'mongodb://127.0.0.1:9/?replicaSet=rs0' };
    const { code, output } = await run(['scripts/migrate.mjs', '--check'], nowhere);
    expect([code, output]).toEqual([2, expect.stringContaining('✖ orders: ')]);
  });
});

describe('a service whose operator migrates by hand', () => {
  it('refuses requests until that is done, says what it waits for, and then serves them', async () => {
    wires.database('orders');
    const entry = 'apps/orders/src/main.ts';
    const starting = Service.start(entry, { ...wires.environment, MIGRATE_AT_START: 'false' });
    const ask = () => wires.ask(orders.listAll, {}, { caller: someAdmin });
    await eventually(() => expect(ask()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));
    expect((await run([...TYPESCRIPT, 'apps/orders/src/migrate.main.ts'])).code).toBe(0);
    const service = await starting;
    expect(await ask()).toMatchObject({ items: [] });
    expect(service.log).toMatch(/waits for `npm run migrate`.*2026-11-27-drop-former-lists/);
    // Once, and once more if it looks while that is being done, and waits for less.
    const said = service.log.match(/waits for `npm run migrate`[^"]*/g)!;
    expect(new Set(said).size).toBe(said.length);
    await service.stop();
  });
});
