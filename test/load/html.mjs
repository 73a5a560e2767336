import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { changeOf, limitOf, rowsOf } from './text.mjs';

const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
const here = import.meta.dirname;

/** The report as one file that needs no other: figures, charts over time, verdict. */
export async function htmlOf(report, last) {
  const [library, libraryStyle, style, script] = await Promise.all(
    [
      join(uplot, 'uPlot.iife.min.js'),
      join(uplot, 'uPlot.min.css'),
      join(here, 'report.css'),
      join(here, 'report.client.js'),
    ].map((file) => readFile(file, 'utf8')),
  );
  const { options, wrongs, limits } = report;
  const well = wrongs.length === 0 && limits.every(({ held }) => held);
  const pace = options.rate > 0 ? `${options.rate} due each second` : `${options.connections} at once`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Load: ${escaped(options.scenario)}, ${escaped(report.at)}</title>
<style>${libraryStyle}${style}</style>
<h1>${escaped(options.scenario)} <small>${escaped(pace)}, ${escaped(report.at)}</small></h1>
<p class="${well ? 'well' : 'wrong'}">${well ? 'All is well: nothing oversold, nothing lost, nothing left pending.' : 'Not all is well.'}</p>
${listOf([...wrongs, ...limits.filter(({ held }) => !held).map(({ name, value }) => `${name} broke its limit: ${value ?? 'not measured'}`)])}
<div id="charts"></div>
<table>
<tr><th>figure<th>this run<th>last run<th>change<th>limit</tr>
${rowsOf(report, last).map(rowHtml).join('\n')}
</table>
${countsTable('How the orders ended', report.ended)}
${countsTable('Refused', report.refusals)}
<script>${library}</script>
<script type="application/json" id="timeline">${JSON.stringify(report.timeline).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</html>
`;
}

const rowHtml = (row) =>
  `<tr><th>${[row.name, row.value ?? '–', row.before ?? '', changeOf(row), limitOf(row)].map(escaped).join('<td>')}</tr>`;

const listOf = (sentences) =>
  sentences.length > 0 ? `<ul>${sentences.map((one) => `<li>${escaped(one)}`).join('')}</ul>` : '';

const countsTable = (title, counts) =>
  Object.keys(counts).length === 0
    ? ''
    : `<h2>${title}</h2><table>${Object.entries(counts)
        .map(([name, count]) => `<tr><th>${escaped(name)}<td>${escaped(count)}</tr>`)
        .join('')}</table>`;

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => entities[character]);
