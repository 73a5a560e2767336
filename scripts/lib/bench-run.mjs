/** `npm run bench`, once the packages are there. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { environmentOf } from './environment.mjs';
import { Failure } from './failure.mjs';
import { OwnSuite } from './own-suite.mjs';
import { provisionChromium } from './provision-chromium.mjs';
import { provisionNode } from './provision-node.mjs';
import { root } from './settings.mjs';

/**
 * What can be measured. Each is a program of its own, test/bench/<name>.bench.ts, that finds its stores where a service
 * would.
 *
 * @type {Record<string, { meaning: string, stores: ('mongodb' | 'redis')[], suite?: boolean, browser?: boolean, built?: boolean }>}
 *   `suite`: all of it, behind Nginx, one replica of each unless REPLICAS says otherwise; `browser`: it looks at it in
 *   Chromium; `built`: it starts itself what is built
 */
export const benches = {
  reserve: { meaning: "reservations: the ledger's group commit beside four plain ways", stores: ['mongodb'] },
  reads: {
    meaning: 'lists and figures of a million orders (--orders=n) beside skipping and counting',
    stores: ['mongodb'],
  },
  export: {
    meaning: 'a file of 200,000 orders (--orders=n): its first byte, and the memory of who makes it',
    stores: ['mongodb', 'redis'],
  },
  place: {
    meaning: 'orders accepted and confirmed through Nginx (--seconds=n), beside a bare pipeline on the same stores',
    stores: ['mongodb', 'redis'],
    suite: true,
  },
  console: {
    meaning: 'the same orders with the console open in two browsers, beside nobody watching (--seconds=n)',
    stores: ['mongodb', 'redis'],
    suite: true,
    browser: true,
  },
  start: {
    meaning: 'from exec to ready: each process and the whole, beside a plain process and a bare Nest microservice',
    stores: ['mongodb', 'redis'],
    built: true,
  },
  transport: { meaning: 'a message and its answer, beside the Redis transport that Nest brings', stores: ['redis'] },
  grouping: { meaning: 'orders accepted, moved and told: grouped and one by one', stores: ['mongodb', 'redis'] },
};

/**
 * @param {string[]} args the name of a bench, and what it takes itself: --json, --orders=n
 * @returns {Promise<number>} exit code: 0 all figures add up, 1 they do not, 2 it could not run
 */
export async function benchRun([name = '', ...args]) {
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench) {
    console.error(listOf(name));
    return name === '' || name === '--help' ? 0 : 2;
  }
  if (bench.suite) process.env.REPLICAS ||= '1';
  const own = await OwnSuite.claim('bench', { what: 'A benchmark', onEvent: (text) => console.error(`• ${text}`) });
  try {
    if (bench.stores.includes('mongodb')) console.error(`MongoDB ${await own.startMongodb()}`);
    if (bench.stores.includes('redis')) console.error(`Redis ${await own.startRedis()}`);
    if (bench.suite) console.error(await own.startSuite());
    if (bench.browser) own.environment.CHROMIUM_BIN = (await provisionChromium(own.settings)).path;
    if (bench.built) {
      await ensureBuilt();
      Object.assign(own.environment, environmentOf(own.settings), own.environment);
    }
    // All that is compared runs on the same one.
    const node = await provisionNode(own.settings);
    return await runBench(node.path, [name, ...args], { ...process.env, ...own.environment });
  } finally {
    await own.end();
  }
}

/** Of this run: production has none that everybody knows. */
const CALLER_SECRET = randomBytes(32).toString('hex');

/** @param {string} node @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<number>} its exit code */
async function runBench(node, [name, ...args], env) {
  const child = spawn(
    node,
    ['--require', join(root, 'test/support/typescript.js'), join(root, `test/bench/${name}.bench.ts`), ...args],
    {
      cwd: root,
      env: { ...env, NODE_ENV: 'production', CALLER_SECRET, LOG_DIR: 'none', LOG_LEVEL: 'warn' },
      // By the fourth it notices when this process is gone.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'exit'));
  if (signal) throw new Failure(`The bench was stopped by ${signal}.`);
  return code ?? 2;
}

/** @param {string} name */
function listOf(name) {
  const width = Math.max(...Object.keys(benches).map(({ length }) => length));
  return [
    ...(name === '' || name === '--help' ? [] : [`There is no bench "${name}".`]),
    'npm run bench -- <name> [--json] [--orders=n]',
    ...Object.entries(benches).map(([known, { meaning }]) => `  ${known.padEnd(width)}  ${meaning}`),
  ].join('\n');
}
