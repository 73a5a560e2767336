/** The parts of the suite, one after the other; `npm start`, `npm test` and the container put them together. */
import { MongoClient } from 'mongodb';
import { environmentOf } from './environment.mjs';
import { Failure, messageOf } from './failure.mjs';
import { nginxSpec } from './nginx.mjs';
import { nextFree } from './ports.mjs';
import { gatewayPorts, specsOf } from './processes.mjs';
import { provisionMongodb } from './provision-mongodb.mjs';
import { provisionNode } from './provision-node.mjs';
import { provisionRedis } from './provision-redis.mjs';
import { mongodSpec, redisSpec, sends } from './stores.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./supervisor.mjs').Supervisor} Supervisor */

/**
 * The ports this run will listen on.
 * @param {Settings} settings
 * @returns {Record<string, number>} by setting
 */
export function portsInUse(settings) {
  const { PORT, EMBEDDED_MONGODB_PORT, EMBEDDED_REDIS_PORT, NGINX_PORT, ...sandbox } = settings.ports;
  const more = gatewayPorts(settings).slice(1);
  return {
    NGINX_PORT,
    PORT,
    ...Object.fromEntries(more.map((port, index) => [`PORT, replica ${index + 2}`, port])),
    ...(settings.mode === 'production' ? {} : sandbox),
    ...(settings.mongodbUri ? {} : { EMBEDDED_MONGODB_PORT }),
    ...(settings.redisHost ? {} : { EMBEDDED_REDIS_PORT }),
  };
}

/** @param {Supervisor} supervisor @param {Settings} settings @returns {Promise<string>} what it is, for the reader */
export async function startMongodb(supervisor, settings) {
  if (settings.mongodbUri) return checkMongodb(settings.mongodbUri);
  const mongod = await provisionMongodb(settings);
  await supervisor.start([mongodSpec(mongod, settings)]);
  return `${mongod.version} (${mongod.source}), port ${settings.ports.EMBEDDED_MONGODB_PORT}`;
}

/** @param {Supervisor} supervisor @param {Settings} settings */
export async function startRedis(supervisor, settings) {
  if (settings.redisHost) return checkRedis(settings.redisHost);
  const redis = await provisionRedis(settings);
  await supervisor.start([redisSpec(redis, settings)]);
  return `${redis.version} (${redis.source}), port ${settings.ports.EMBEDDED_REDIS_PORT}`;
}

/**
 * @param {Supervisor} supervisor
 * @param {Settings} settings
 * @param {import('./provision.mjs').Binary | undefined} nginx
 * @param {{ inspect?: boolean, given?: NodeJS.ProcessEnv }} options `given`: what is set from outside
 */
export async function startProcesses(supervisor, settings, nginx, { inspect, given = process.env }) {
  const own = nginx && !given.HOST ? { HOST: '127.0.0.1' } : {}; // Nginx is the door
  const node = await provisionNode(settings);
  const specs = specsOf(settings, { ...environmentOf(settings, given), ...own }, { inspect, node: node.path });
  await openMetrics(specs);
  await supervisor.start([...specs, ...(nginx ? [nginxSpec(nginx, settings)] : [])]);
  return `${specs.length} on Node ${node.version} (${node.source})${nginx ? ', and Nginx' : ''}`;
}

/**
 * A port each for metrics and health, on this machine alone: `npm run status` shows them. One that was set from outside
 * could only be had by one process.
 * @param {import('./supervised-process.mjs').ProcessSpec[]} specs
 */
async function openMetrics(specs) {
  let port = FIRST_METRICS_PORT;
  for (const spec of specs.filter(({ name }) => name !== 'sandbox')) {
    spec.metricsPort = await nextFree(port);
    spec.env = { ...spec.env, INTERNAL_PORT: String(spec.metricsPort), INTERNAL_HOST: '127.0.0.1' };
    port = spec.metricsPort + 1;
  }
}

const FIRST_METRICS_PORT = 9400;

/** @param {string} uri */
async function checkMongodb(uri) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const { setName, msg } = await client.db('admin').command({ hello: 1 });
    if (setName || msg === 'isdbgrid') return `${withoutPassword(uri)} (MONGODB_URI)`;
  } catch (error) {
    throw new Failure(
      `MongoDB at ${withoutPassword(uri)} does not answer: ${messageOf(error)}.`,
      'start it, put MONGODB_URI right, or leave MONGODB_URI out and one is started for you',
    );
  } finally {
    await client.close();
  }
  throw new Failure(
    `MongoDB at ${withoutPassword(uri)} is no replica set, and transactions need one.`,
    'start mongod with --replSet rs0 and run rs.initiate() once',
  );
}

/** @param {string} host */
async function checkRedis(host) {
  const port = Number(process.env.REDIS_PORT || 6379);
  if (await sends(port, undefined, '', host)) return `${host}:${port} (REDIS_HOST)`;
  throw new Failure(
    `Redis at ${host}:${port} does not answer.`,
    'start it, put REDIS_HOST and REDIS_PORT right, or leave REDIS_HOST out and one is started for you',
  );
}

/** @param {string} uri */
const withoutPassword = (uri) => uri.replace(/(?<=:\/\/)[^/@]*@/, '');
