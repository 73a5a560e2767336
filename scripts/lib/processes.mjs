/**
 * Every process of the suite that is ours, in one place: the embedded run, the container image and the check of
 * docker/compose.yml all read this list.
 */
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';

/**
 * @typedef {object} ProcessKind
 * @property {string} name
 * @property {string} entry what is built of it, from the project's root
 * @property {number} stopOrder lower stops earlier: first who lets work in, then who does it, last who answers others
 * @property {boolean} [scalable] false: only ever one, whatever REPLICAS says
 * @property {'PORT'} [port] the setting of the port it listens on; replica n listens n higher
 * @property {boolean} [neverInProduction]
 */

/** @type {ProcessKind[]} */
export const processKinds = [
  { name: 'gateway', entry: 'dist/apps/gateway/src/main.js', stopOrder: 1, port: 'PORT' },
  { name: 'chatbot', entry: 'dist/apps/chatbot/src/main.js', stopOrder: 2 },
  { name: 'processor', entry: 'dist/apps/orders/src/processor.main.js', stopOrder: 2 },
  { name: 'orders', entry: 'dist/apps/orders/src/main.js', stopOrder: 3 },
  { name: 'stock', entry: 'dist/apps/stock/src/main.js', stopOrder: 4 },
  { name: 'payments', entry: 'dist/apps/payments/src/main.js', stopOrder: 4 },
  { name: 'auth', entry: 'dist/apps/auth/src/main.js', stopOrder: 4 },
  { name: 'notifications', entry: 'dist/apps/notifications/src/main.js', stopOrder: 4 },
  {
    name: 'sandbox',
    entry: 'dist/apps/sandbox/src/main.js',
    stopOrder: 5,
    scalable: false,
    neverInProduction: true,
  },
];

/** The stores stop after all of ours; Nginx, which lets people in, before. */
export const stopOrders = { nginx: 0, stores: 6 };

/**
 * @param {import('./settings.mjs').Settings} settings
 * @param {NodeJS.ProcessEnv} env what every process gets
 * @param {{ inspect?: boolean, node?: string }} [options] `node`: what they run on, as the launcher itself unless given
 * @returns {import('./supervised-process.mjs').ProcessSpec[]}
 * @throws {Failure} when REPLICAS names a process that does not exist
 */
export function specsOf(settings, env, { inspect = false, node = process.execPath } = {}) {
  const kinds = processKinds.filter((kind) => !(kind.neverInProduction && settings.mode === 'production'));
  for (const name of Object.keys(settings.replicas)) {
    const known = kinds.filter((kind) => kind.scalable !== false).map((kind) => kind.name);
    if (name === '*' || known.includes(name)) continue;
    throw new Failure(`REPLICAS names "${name}", which is no process.`, `use one of ${known.join(', ')}`);
  }
  let inspectPort = FIRST_INSPECT_PORT;
  return kinds.flatMap((kind) =>
    Array.from({ length: replicasOf(kind, settings.replicas) }, (_, index) => {
      const entry = join(root, kind.entry);
      const port = kind.port && settings.ports[kind.port] + index;
      return {
        name: kind.name,
        replica: index + 1,
        command: node,
        args: [...(inspect ? [`--inspect=127.0.0.1:${inspectPort++}`] : []), entry],
        env: { ...env, ...(kind.port && { [kind.port]: String(port) }) },
        port,
        stopOrder: kind.stopOrder,
        ready: 'message',
      };
    }),
  );
}

/** Node's own default, 9229, is left to the debugger of whoever debugs the tests. */
const FIRST_INSPECT_PORT = 9230;

/** @param {ProcessKind} kind @param {Record<string, number>} replicas */
const replicasOf = (kind, replicas) => (kind.scalable === false ? 1 : (replicas[kind.name] ?? replicas['*'] ?? 1));

/**
 * @param {import('./settings.mjs').Settings} settings
 * @returns {number[]} the ports of all replicas of the gateway
 */
export function gatewayPorts({ ports, replicas }) {
  const count = replicas.gateway ?? replicas['*'] ?? 1;
  return Array.from({ length: count }, (_, index) => ports.PORT + index);
}
