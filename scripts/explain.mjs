/**
 * `npm run explain -- <id or number>`: the story of one order in plain sentences, from what all services have written
 * down, and how it stands. `--json` for machines. Reads only. Ends with 1 where there is no such order.
 */
import { parseArgs } from 'node:util';
import { databaseUri } from './lib/database-uri.mjs';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { readOrder } from './lib/order-records.mjs';
import { standingOf } from './lib/order-standing.mjs';
import { storyOf } from './lib/order-story.mjs';
import { loadEnvFile } from './lib/settings.mjs';

/** @typedef {import('./lib/order-records.mjs').OrderRecords} OrderRecords */

process.stdout.on('error', () => {}); // whoever read it is gone: `npm run explain -- … | head`
try {
  const options = /** @type {const} */ ({ json: { type: 'boolean', default: false } });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  // In the container image its own name comes first.
  const wanted = positionals.filter((word) => word !== 'explain').at(-1);
  if (!wanted) throw new Failure('Which order?', '`npm run explain -- <id or number>`');
  loadEnvFile();
  const records = await readOrder(databaseUri(), wanted);
  const story = storyOf(records);
  const standing = standingOf(records, new Date());
  if (values.json) console.log(JSON.stringify({ ...headOf(records), story, standing }, undefined, 2));
  else show(records, story, standing);
} catch (error) {
  report(error instanceof Failure ? error : new Failure(`The order could not be looked up: ${messageOf(error)}.`));
  process.exitCode = 1;
}

/** @param {OrderRecords} records Nobody's name: it may be read aloud. */
function headOf({ order: { _id, number, userId, tier, status } }) {
  return { id: String(_id), number, userId: String(userId), tier, status };
}

/** @param {OrderRecords} records @param {import('./lib/order-story.mjs').Happening[]} story @param {string[]} standing */
function show(records, story, standing) {
  const { id, number, userId, tier, status } = headOf(records);
  console.log(`Order ${number} (${id}) of ${tier} customer ${userId}: ${status}\n`);
  for (const { at, what } of story) console.log(`${at.toISOString().replace('T', ' ').slice(0, -1)}  ${what}`);
  console.log(`\nHow it stands:`);
  for (const sentence of standing) console.log(`- ${sentence}`);
}
