import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sentenceOf } from '../../scripts/lib/oracle/findings.mjs';
import { table } from '../../scripts/lib/table.mjs';
import { htmlOf } from './html.mjs';

/** What the oracle recounts of a sale: it knows the answers, the inbox and the provider's books as well. */
const PROMISES = {
  I1: 'every stock adds up, and none is below zero',
  I2: 'what orders have bought is what stock has sold, order by order',
  I3: 'every order that was answered exists, and one idempotency key is one order',
  I4: 'every order has ended',
  I5: 'nobody has paid for what did not take place',
  I6: 'every history is without a gap, and every mail came once',
  I7: 'the movements of every stock replay to its counters, and nobody takes twice',
};

/** What was done, what came of it, and what is wrong. The oracle signs what it finds nothing wrong with. */
export async function certify({ options, begun, sale, kills, report, left }) {
  const sold = report.orders.CONFIRMED ?? 0;
  const wanted = Math.min(options.units, options.buyers);
  const refusals = countBy(sale.answers.filter(({ orderId }) => !orderId).map(({ code }) => code));
  const wrongs = [
    ...report.violations.map(sentenceOf),
    ...(sold === wanted ? [] : [`${sold} units are sold, and not ${wanted}`]),
    ...(left.available === options.units - sold ? [] : [`${left.available} units are left of ${options.units}`]),
    ...Object.entries(refusals)
      .filter(([code]) => code !== 'INSUFFICIENT_STOCK')
      .map(([code, count]) => `${count} buyers were left with "${code}"`),
  ];
  const seconds = (at) => Math.round((at - begun) / 10) / 100;
  const content = {
    at: new Date().toISOString(),
    project: await versionOf(),
    options,
    done: {
      requests: sale.asked,
      repeated: sale.repeated,
      kills: kills.map(({ at, label }) => ({ at: seconds(at), label })),
    },
    answers: {
      accepted: new Set(sale.answers.flatMap(({ orderId }) => orderId ?? [])).size,
      refused: refusals,
      times: sale.answers.filter(({ orderId }) => orderId).map(({ at }) => seconds(at)),
    },
    outcome: { sold, left: left.available, orders: report.orders, recounted: report.figures },
    promises: Object.entries(PROMISES).map(([invariant, promise]) => ({
      invariant,
      promise,
      kept: report.violations.every((violation) => violation.invariant !== invariant),
    })),
    wrongs,
    signed: wrongs.length === 0,
  };
  return { ...content, seal: sealOf(content) };
}

/** Shows that a certificate was not changed since; who made it, it does not show. */
export const sealOf = (content) => createHash('sha256').update(JSON.stringify(content)).digest('hex');

export async function write(certificate, folder) {
  const files = { json: join(folder, 'certificate.json'), html: join(folder, 'certificate.html') };
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(files.json, `${JSON.stringify(certificate, null, 2)}\n`),
    writeFile(files.html, htmlOf(certificate)),
  ]);
  return files;
}

export function textOf({ options, done, answers, outcome, promises, wrongs, signed, seal }, files) {
  const kills = Object.entries(countBy(done.kills.map(({ label }) => label))).map(
    ([label, n]) => `${label}${n > 1 ? ` ×${n}` : ''}`,
  );
  const rows = [
    ['buyers', options.buyers],
    ['  who pressed twice', done.repeated],
    ['requests, with those asked again', done.requests],
    ['processes killed', done.kills.length],
    ['orders answered', answers.accepted],
    ['  of them confirmed', outcome.sold],
    ['units left', outcome.left],
  ];
  return [
    '',
    table(rows, { right: [1] }),
    '',
    `Killed: ${kills.join(', ') || 'nobody'}`,
    '',
    ...promises.map(({ invariant, promise, kept }) => `${kept ? '✔' : '✖'} ${invariant} ${promise}`),
    '',
    ...wrongs.map((wrong) => `✖ ${wrong}`),
    signed
      ? `✔ ${outcome.sold} of ${options.units} sold, and everything adds up. Signed by the oracle.`
      : '✖ The oracle refuses to sign.',
    `  seal ${seal}`,
    `  seed ${options.seed}`,
    `  ${files.html}`,
    '',
  ].join('\n');
}

const countBy = (names) =>
  names.reduce((counts, name) => ({ ...counts, [name]: (counts[name] ?? 0) + 1 }), /** @type {any} */ ({}));

/** The version, and the commit where there is one to be known. */
async function versionOf() {
  const root = join(import.meta.dirname, '../..');
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const commit = await promisify(execFile)('git', ['-C', root, 'rev-parse', '--short=12', 'HEAD']).catch(
    () => undefined,
  );
  return { name, version, commit: commit?.stdout.trim() };
}
