/**
 * `npm run migrate`: brings all databases to where this release wants them, and shows what was done and when. `--dry-run`
 * (or `--check`) changes nothing. Ends with 0; with 1 when something is pending; with 2 when it could not be found out or
 * not be done, and then it may be run again.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DATABASES, databaseUri } from './lib/database-uri.mjs';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { loadEnvFile, root } from './lib/settings.mjs';
import { table } from './lib/table.mjs';

/** @typedef {{ progress?: string, what?: string, state?: string, at?: string, ms?: number }} Line as the services' own `migrate` prints them */
/** @typedef {{ database: string, code: number, lines: Line[], error: string }} Outcome */

/** What the reader is told of a state. @type {Record<string, string>} */
const words = {
  applied: '✔ applied now',
  before: 'applied',
  built: '✔ built now',
  pending: '… pending',
  different: '✖ is another than declared',
  'other release': 'of another release',
};

const PENDING = ['pending', 'different'];

try {
  const off = /** @type {const} */ ({ type: 'boolean', default: false });
  // In the container image its own name comes first.
  const { values } = parseArgs({ options: { 'dry-run': off, check: off }, allowPositionals: true });
  loadEnvFile();
  const uri = databaseUri();
  const dry = values['dry-run'] || values.check;
  if (existsSync(join(root, 'apps'))) await (await import('./lib/build.mjs')).ensureBuilt();
  const outcomes = await Promise.all(DATABASES.map((database) => migrate(database, uri, dry ? ['--dry-run'] : [])));
  process.exitCode = show(outcomes, dry);
} catch (error) {
  report(error instanceof Failure ? error : new Failure(`It could not be migrated: ${messageOf(error)}.`));
  process.exitCode = 2;
}

/** @param {string} database @param {string} uri @param {string[]} args @returns {Promise<Outcome>} */
async function migrate(database, uri, args) {
  const entry = join(root, `dist/apps/${database}/src/migrate.main.js`);
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, MONGODB_URI: uri },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => child.once('close', (code) => resolve(code ?? 2)));
  let error = '';
  child.stderr.on('data', (text) => (error += text));
  /** @type {Line[]} */
  const lines = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = /** @type {Line} */ (JSON.parse(text));
    if (line.progress) console.error(`… ${database}: ${line.progress}`);
    else lines.push(line);
  }
  return { database, lines, code: await ended, error: error.trim() };
}

/** @param {Outcome[]} outcomes @param {boolean} dry @returns {number} exit code */
function show(outcomes, dry) {
  const rows = outcomes.flatMap(({ database, lines }) =>
    lines.map(({ what, state = '', at, ms }) => {
      const when = at?.replace(/\.\d+Z$/, 'Z').replace('T', ' ');
      return [database, what, words[state] ?? state, when, ms === undefined ? '' : `${ms} ms`];
    }),
  );
  if (rows.length > 0) console.log(`${table([['database', 'what', '', 'when', 'took'], ...rows], { right: [4] })}\n`);
  const failed = outcomes.filter(({ code }) => code > 1);
  for (const { database, error } of failed) console.error(`✖ ${database}: ${error || 'it was stopped'}`);
  if (failed.length > 0) return 2;
  const pending = outcomes.flatMap(({ lines }) => lines.filter(({ state = '' }) => PENDING.includes(state)));
  if (pending.length > 0) console.log(`${pending.length} pending: \`npm run migrate\``);
  else console.log(dry ? '✔ Nothing is pending.' : '✔ All databases are where this release wants them.');
  return pending.length > 0 ? 1 : 0;
}
