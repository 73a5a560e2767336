/** What the launcher itself needs to know; the services read their own settings from the same environment. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from './failure.mjs';

export const root = resolve(import.meta.dirname, '../..');

/** Ports of the embedded run, by the name of their setting. `npm test` uses its own (see `testPorts`). */
export const defaultPorts = {
  NGINX_PORT: 8080,
  PORT: 8000,
  SANDBOX_PORT: 8025,
  SANDBOX_SMTP_PORT: 1025,
  EMBEDDED_MONGODB_PORT: 27018,
  EMBEDDED_REDIS_PORT: 6380,
};

/** @typedef {typeof defaultPorts} Ports */
/** @typedef {'development' | 'test' | 'production'} Mode */

/**
 * @typedef {object} Settings
 * @property {Mode} mode
 * @property {Ports} ports
 * @property {Record<string, number>} replicas by process name; `*` for those not named
 * @property {string} dataDir where the embedded stores, secrets and process ids live
 * @property {string} logDir
 * @property {string} cacheDir downloaded binaries, shared between clones
 * @property {string | undefined} mongodbUri set: that MongoDB is used and none is started
 * @property {string | undefined} redisHost set: that Redis is used and none is started
 * @property {{ node?: string, mongod?: string, redis?: string, nginx?: string, chromium?: string, promtool?: string }} binaries paths that were set by hand
 */

/** Takes in `.env`, as the services do: what is in the environment already wins, and tests do without. */
export function loadEnvFile() {
  const file = join(root, '.env');
  if (process.env.NODE_ENV !== 'test' && existsSync(file)) process.loadEnvFile(file);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 * @throws {Failure} naming every setting that is wrong
 */
export function readSettings(env = process.env) {
  /** @type {string[]} */
  const wrong = [];
  const text = (/** @type {string} */ name) => env[name] || undefined;

  const ports = { ...defaultPorts };
  for (const name of /** @type {(keyof Ports)[]} */ (Object.keys(ports))) {
    const given = text(name);
    if (given === undefined) continue;
    ports[name] = Number(given);
    if (!/^\d+$/.test(given) || ports[name] < 1 || ports[name] > 65_535) wrong.push(`${name}=${given} is not a port`);
  }
  for (const [name, twin] of duplicates(ports)) wrong.push(`${name} and ${twin} are the same port`);

  const mode = text('NODE_ENV') ?? 'development';
  if (!['development', 'test', 'production'].includes(mode)) {
    wrong.push(`NODE_ENV=${mode} is none of development, test, production`);
  }
  const replicas = readReplicas(text('REPLICAS'), wrong);
  if (wrong.length > 0) throw new Failure(`The settings are not right: ${wrong.join('; ')}.`, 'see .env.example');

  return {
    mode: /** @type {Mode} */ (mode),
    ports,
    replicas,
    dataDir: resolve(root, text('SUITE_DATA_DIR') ?? '.data'),
    logDir: resolve(root, text('LOG_DIR') ?? 'logs'),
    cacheDir: text('SUITE_CACHE_DIR') ?? join(text('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'order-suite'),
    mongodbUri: text('MONGODB_URI'),
    redisHost: text('REDIS_HOST'),
    binaries: {
      node: text('NODE_BIN'),
      mongod: text('MONGOD_BIN'),
      redis: text('REDIS_SERVER_BIN'),
      nginx: text('NGINX_BIN'),
      chromium: text('CHROMIUM_BIN'),
      promtool: text('PROMTOOL_BIN'),
    },
  };
}

/**
 * `2` for two of everything, `stock:2,orders:3` for some.
 * @param {string | undefined} given
 * @param {string[]} wrong
 */
function readReplicas(given, wrong) {
  /** @type {Record<string, number>} */
  const replicas = {};
  for (const part of given?.split(',') ?? []) {
    const [, name = '*', count] = /^\s*(?:([a-z]+):)?(\d{1,2})\s*$/.exec(part) ?? [];
    if (count === undefined || Number(count) < 1) wrong.push(`REPLICAS=${given} is not like "2" or "stock:2,orders:3"`);
    else replicas[name] = Number(count);
  }
  return replicas;
}

/** @param {Record<string, number>} ports */
function* duplicates(ports) {
  const seen = new Map();
  for (const [name, port] of Object.entries(ports)) {
    if (seen.has(port)) yield [name, seen.get(port)];
    seen.set(port, name);
  }
}
