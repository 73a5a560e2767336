/**
 * `npm run restore -- <folder>`: puts a backup into the databases, and empties Redis. Nothing of the suite may run. The
 * next start goes on from there: the reconciler enqueues, tells and mails what had been left to do.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { readManifest, restore } from './lib/backups.mjs';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { claim, runningLauncher, unclaim } from './lib/instance.mjs';
import { loadEnvFile, readSettings } from './lib/settings.mjs';
import { secondsSince } from './lib/steps.mjs';

const since = performance.now();
try {
  loadEnvFile();
  const { values, positionals } = parseArgs({
    options: { replace: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  // In the container image its own name comes first.
  const folder = positionals.filter((argument) => argument !== 'restore')[0];
  if (!folder) throw new Failure('It is not said which backup.', '`npm run restore -- <folder>`');
  const manifest = await readManifest(folder);
  const settings = readSettings();
  if (runningLauncher(settings.dataDir)) throw new Failure('The suite runs.', '`npm stop` ends it');
  await withStores(settings, (uri) => restore(uri, folder, manifest, values));
  console.log(`✔ The shop is as it was at ${manifest.at} (${secondsSince(since)}). \`npm start\` goes on from there.`);
} catch (error) {
  report(error instanceof Failure ? error : new Failure(`The restore failed: ${messageOf(error)}.`));
  process.exitCode = 1;
}

/**
 * With the stores that the settings name, or those that `npm start` would start here; Redis is empty afterwards.
 * @param {import('./lib/settings.mjs').Settings} settings
 * @param {(uri: string) => Promise<void>} work
 */
async function withStores(settings, work) {
  const { mongodbUri: given, redisHost, dataDir, ports } = settings;
  if (given && redisHost) {
    await work(given);
    return emptyRedis();
  }
  // In the container image there is nothing to start stores with.
  const { Supervisor } = await import('./lib/supervisor.mjs');
  const { startMongodb, startRedis } = await import('./lib/suite.mjs');
  const { mongodbUri, sends } = await import('./lib/stores.mjs');
  claim(dataDir, 'A restore');
  const supervisor = new Supervisor({ onLine: () => undefined, onEvent: () => undefined });
  try {
    await Promise.all([startMongodb(supervisor, settings), startRedis(supervisor, settings)]);
    await work(given ?? mongodbUri(ports.EMBEDDED_MONGODB_PORT));
    if (redisHost) await emptyRedis();
    else if (!(await sends(ports.EMBEDDED_REDIS_PORT, 'FLUSHALL\r\n', '+OK')))
      throw new Failure('Redis could not be emptied.', 'remove the folder redis/ of its data');
  } finally {
    await supervisor.stop();
    unclaim(dataDir);
  }
}

/** Only the suite's own database of it. */
async function emptyRedis() {
  const { REDIS_HOST, REDIS_PORT, REDIS_DB, REDIS_USERNAME, REDIS_PASSWORD, REDIS_TLS, REDIS_TLS_CA } = process.env;
  const redis = new Redis({
    host: REDIS_HOST,
    port: Number(REDIS_PORT || 6379),
    db: Number(REDIS_DB || 0),
    username: REDIS_USERNAME || undefined,
    password: REDIS_PASSWORD || undefined,
    ...(REDIS_TLS === 'true' && { tls: REDIS_TLS_CA ? { ca: readFileSync(REDIS_TLS_CA) } : {} }),
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.flushdb();
  } catch (error) {
    throw new Failure(
      `Redis could not be emptied: ${messageOf(error)}.`,
      '`redis-cli FLUSHDB`, before anything starts',
    );
  } finally {
    redis.disconnect();
  }
}
