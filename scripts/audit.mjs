/**
 * `npm run audit`: recounts the shop from its databases, while it is open, and says whether everything adds up. `--json`
 * for machines. Ends with 0 when it does, 1 when something has drifted, 2 when it could not be found out.
 */
import { parseArgs } from 'node:util';
import { databaseUri } from './lib/database-uri.mjs';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { withPicture } from './lib/oracle/database.mjs';
import { sentenceOf } from './lib/oracle/findings.mjs';
import { recount } from './lib/oracle/recount.mjs';
import { loadEnvFile } from './lib/settings.mjs';
import { table } from './lib/table.mjs';

/** @typedef {import('./lib/oracle/recount.mjs').Report} Report */

/** What is recounted here. The others need to know more than the databases do. */
const ASPECTS = {
  I1: 'every stock adds up, and none is below zero',
  I2: 'what orders hold and have bought is what stock has reserved and sold',
  I3: 'one idempotency key is one order',
  I4: 'every order has ended, is on its way, or is a dead letter with a reason',
  I5: 'what was captured and not refunded of every order is what it costs, and nothing where it does not stand',
  I6: 'every history is without a gap',
  I7: 'the movements of every stock replay to its counters',
};

const PROGRESS_MS = 1_000;

try {
  // In the container image its own name comes first.
  const options = /** @type {const} */ ({ json: { type: 'boolean', default: false } });
  const { json } = parseArgs({ options, allowPositionals: true }).values;
  loadEnvFile();
  const since = performance.now();
  const found = await withPicture(databaseUri(), (picture) => recount(picture, { onProgress: progress() }));
  if (json) console.log(JSON.stringify({ at: new Date(), ...found }, undefined, 2));
  else show(found, `${((performance.now() - since) / 1_000).toFixed(1)} s`);
  process.exitCode = found.sound ? 0 : 1;
} catch (error) {
  report(error instanceof Failure ? error : new Failure(`The shop could not be recounted: ${messageOf(error)}.`));
  process.exitCode = 2;
}

/** A line now and then, for those who wait: nothing at all when it is done within a second. */
function progress() {
  let said = Date.now();
  return (/** @type {import('./lib/oracle/recount.mjs').Figures} */ { orders, movements }) => {
    if (Date.now() - said < PROGRESS_MS) return;
    said = Date.now();
    console.error(`… ${figure(orders)} orders, ${figure(movements)} movements`);
  };
}

/** @param {Report} report @param {string} took */
function show({ sound, violations, figures, orders, units }, took) {
  const { stocks, movements, reservations, deadLetters, waiting } = figures;
  const rows = [
    ['units', 'by stock', 'by orders'],
    ['received', figure(units.received)],
    ['available', figure(units.available)],
    ['held', figure(units.reserved), figure(units.reservedByOrders)],
    ['sold', figure(units.sold), figure(units.soldByOrders)],
    ['of these on their way', '', figure(units.moving)],
    [],
    ['orders', '', figure(figures.orders)],
    ...Object.entries(orders).map(([status, count]) => [`  ${status}`, '', figure(count)]),
    ['of these on their way', '', figure(waiting)],
    ['dead letters', '', figure(deadLetters)],
  ];
  console.log(table(rows, { right: [1, 2] }));
  console.log(
    `\n${figure(stocks)} stocks, ${figure(movements)} movements, ${figure(reservations)} reservations (${took})\n`,
  );
  for (const [invariant, aspect] of Object.entries(ASPECTS)) {
    const wrong = violations.filter((violation) => violation.invariant === invariant);
    console.log(`${wrong.length ? '✖' : '✔'} ${invariant} ${aspect}`);
    for (const violation of wrong) console.log(`    ${sentenceOf(violation)}`);
  }
  console.log(sound ? '\n✔ Everything adds up.' : '\n✖ Something has drifted.');
}

/** @param {number} number @returns {string} `12,345` */
function figure(number) {
  return number.toLocaleString('en-US');
}
