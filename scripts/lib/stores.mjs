/** The embedded MongoDB replica set and Redis: how they are started, and when they can be used. */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { stopOrders } from './processes.mjs';

const REPLICA_SET = 'rs0';

/** @param {number} port */
export const mongodbUri = (port, prefix = '') => `mongodb://127.0.0.1:${port}/${prefix}?replicaSet=${REPLICA_SET}`;

/**
 * @param {import('./provision.mjs').Binary} mongod
 * @param {import('./settings.mjs').Settings} settings
 * @returns {import('./supervised-process.mjs').ProcessSpec}
 */
export function mongodSpec({ path, env }, { dataDir, ports }) {
  const port = ports.EMBEDDED_MONGODB_PORT;
  const folder = join(dataDir, 'mongodb');
  mkdirSync(folder, { recursive: true });
  const args = [
    ...['--replSet', REPLICA_SET, '--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'],
    // A Unix socket would be made in /tmp, where two suites or two users get into each other's way.
    '--nounixsocket',
    // The default is half of the machine's memory; a demo's data fit in this many times over.
    ...['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '256'],
    // A transaction of a process that was killed holds its locks until its time is up: a minute, by default, in which
    // nobody can reserve what it was reserving. Ours take milliseconds.
    ...['--setParameter', 'transactionLifetimeLimitSeconds=5'],
    // The only member has nobody to hand over to, so it need not wait for that before it stops.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
  const ready = () => isPrimary(port);
  return { name: 'mongodb', replica: 1, ...program(path, args, env), port, ready };
}

/**
 * @param {import('./provision.mjs').Binary} redis
 * @param {import('./settings.mjs').Settings} settings
 * @returns {import('./supervised-process.mjs').ProcessSpec}
 */
export function redisSpec({ path, env }, { dataDir, ports }) {
  const port = ports.EMBEDDED_REDIS_PORT;
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { recursive: true });
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    // Queues must never be evicted, and what was accepted survives a kill but for the last second.
    ...['--maxmemory-policy', 'noeviction', '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    // Keep the command line as it is: a leftover is known by it.
    ...['--set-proc-title', 'no'],
  ];
  return { name: 'redis', replica: 1, ...program(path, args, env), port, ready: () => answersPing(port) };
}

/** @param {string} command @param {string[]} args @param {Record<string, string>} env */
const program = (command, args, env) => ({
  command,
  args,
  env: { ...process.env, ...env },
  stopOrder: stopOrders.stores,
  quiet: true,
});

/**
 * Makes the replica set where there is none. Its configuration names the port, so after the port was changed it is
 * written anew.
 *
 * @param {number} port
 * @returns {Promise<boolean>} whether it takes writes
 */
async function isPrimary(port) {
  if (!(await sends(port))) return false;
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    const admin = client.db('admin');
    const { isWritablePrimary, hosts, setName } = await admin.command({ hello: 1 });
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    if (isWritablePrimary && hosts.includes(members[0]?.host)) return true;
    if (!setName && !hosts) await configure(admin, members);
    return false;
  } catch {
    return false; // still starting; the supervisor asks again until its deadline
  } finally {
    await client.close();
  }
}

const NOT_YET_INITIALIZED = 94;

/** @param {import('mongodb').Db} admin @param {{ _id: number, host: string }[]} members */
async function configure(admin, members) {
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const moved = { ...config, members: [{ ...config.members[0], ...members[0] }], version: config.version + 1 };
    await admin.command({ replSetReconfig: moved, force: true });
  } catch (error) {
    if (/** @type {{ code?: number }} */ (error).code !== NOT_YET_INITIALIZED) throw error;
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
  }
}

/** @param {number} port While it loads its data it answers -LOADING. */
const answersPing = (port) => sends(port, 'PING\r\n', '+PONG');

/**
 * @param {number} port
 * @param {string} [question]
 * @param {string} [answer]
 * @param {string} [host]
 * @returns {Promise<boolean>} whether somebody listens there, and answers so if something is asked
 */
export const sends = (port, question, answer = '', host = '127.0.0.1') =>
  new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 });
    const end = (/** @type {boolean} */ result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => (question ? socket.write(question) : end(true)));
    socket.once('data', (data) => end(data.toString().startsWith(answer)));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
