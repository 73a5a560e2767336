/**
 * `npm run metrics`: writes the tables of docs/METRICS.md from the code, where each metric is declared with its meaning.
 * `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { Failure, report } from './lib/failure.mjs';
import { readMetrics } from './lib/metrics-tables.mjs';
import { root } from './lib/settings.mjs';

const PAGE = 'docs/METRICS.md';
const MARKS = /(?<=<!-- metrics: written by npm run metrics -->\n)[^]*(?=<!-- end of metrics -->)/;

/** @typedef {import('./lib/metrics-tables.mjs').MetricsTable} MetricsTable */

/** @param {MetricsTable} table */
function text({ title, metrics }) {
  const row = (/** @type {MetricsTable['metrics'][number]} */ { name, type, labels, meaning }) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${meaning} |`;
  const head = [`## ${title}`, '', '| Metric | Type | Labels | Meaning |', '| --- | --- | --- | --- |'];
  return [...head, ...metrics.map(row), ''].join('\n');
}

try {
  const page = readFileSync(join(root, PAGE), 'utf8');
  if (!MARKS.test(page)) throw new Failure(`${PAGE} has no place for the metrics.`);
  const style = { ...(await prettier.resolveConfig(join(root, PAGE))), filepath: PAGE };
  const wanted = await prettier.format(
    page.replace(MARKS, () => `\n${readMetrics().map(text).join('\n')}\n`),
    style,
  );
  if (wanted !== page) {
    if (process.argv.includes('--check')) throw new Failure(`${PAGE} is not what the code says.`, 'npm run metrics');
    writeFileSync(join(root, PAGE), wanted);
    console.log(`✔ ${PAGE}`);
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}
