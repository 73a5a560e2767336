import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyTaken } from './ports.mjs';
import { defaultPorts, readSettings, root } from './settings.mjs';

/** What may come from outside: where the programs are, and how many replicas to try. */
const KEPT = [
  'NODE_BIN',
  'MONGOD_BIN',
  'REDIS_SERVER_BIN',
  'NGINX_BIN',
  'CHROMIUM_BIN',
  'PROMTOOL_BIN',
  'SUITE_CACHE_DIR',
  'REPLICAS',
  'LOG_LEVEL',
];

/**
 * The settings of a run that is no shop: its own data and its own ports. What the shell says about a real shop is taken
 * out of `process.env`, which everything that is started gets, and no test reads `.env`.
 *
 * @param {'test' | 'bench' | 'prove' | 'fuzz'} kind the folder of its data within `.data`
 * @returns {Promise<import('./settings.mjs').Settings>}
 */
export async function testSettings(kind = 'test') {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  for (const [, name = ''] of example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)) {
    if (!KEPT.includes(name)) delete process.env[name];
  }
  return readSettings({
    ...process.env,
    NODE_ENV: 'test',
    SUITE_DATA_DIR: join(root, '.data', kind),
    LOG_DIR: join(root, '.data', kind, 'logs'),
    // With one of each, work that is done twice or by nobody in particular would not be seen.
    REPLICAS: process.env.REPLICAS || '2',
    ...(await testPorts()),
  });
}

/**
 * The assistant's model, in the sandbox: without a key it would answer by rules alone. It may be asked as often as the
 * stories like.
 * @param {import('./settings.mjs').Settings} settings
 */
export const scriptedModel = ({ ports }) => ({
  OPEN_ROUTER_KEY: 'sandbox',
  OPEN_ROUTER_URL: `http://127.0.0.1:${ports.SANDBOX_PORT}/openrouter/v1`,
  CHATBOT_DAILY_MESSAGES: '1000000',
  CHATBOT_DAILY_TOKENS: '1000000000',
});

/** How many gateways may follow on the first one's port. */
const ROOM = 3;

/**
 * Ports like those of `npm start` with a 1 before them, or the next that are free, so that tests run beside a suite and
 * beside other tests. They stay below 32768: above, any outgoing connection may hold one for a moment.
 */
async function testPorts() {
  /** @type {Record<string, string>} */
  const ports = {};
  const free = async (/** @type {number} */ port) => !(await whyTaken(port));
  for (const [name, port] of Object.entries(defaultPorts)) {
    let candidate = 10_000 + (port % 10_000);
    const wanted = name === 'PORT' ? ROOM : 1;
    const taken = Object.values(ports).map(Number);
    const fits = async () => {
      for (let next = candidate; next < candidate + wanted; next++) {
        if (taken.includes(next) || !(await free(next))) return false;
      }
      return true;
    };
    while (!(await fits())) candidate++;
    ports[name] = String(candidate);
  }
  return ports;
}
