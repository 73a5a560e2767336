import { figureOf, figures } from './figures.mjs';

/** @param {object | undefined} last the report of the last such run, to compare with */
export function reportText(report, last) {
  const counts = (object) => Object.entries(object).map(([name, count]) => `    ${count.toLocaleString('en')} ${name}`);
  return [
    '',
    `  ${report.placed.toLocaleString('en')} orders placed in ${report.seconds} s, ${report.accepted.toLocaleString('en')} accepted, ${report.confirmed.toLocaleString('en')} confirmed`,
    '',
    ...comparison(report, last),
    '',
    ...(report.accepted > 0 ? ['  The orders ended', ...counts(report.ended)] : []),
    ...(report.refused > 0 ? ['  Refused', ...counts(report.refusals)] : []),
    '',
    ...verdict(report),
    `  (seed ${report.options.seed})`,
    '',
  ].join('\n');
}

/** Every figure that was measured, beside the last run's, and its limit. */
export function rowsOf(report, last) {
  return figures
    .map(({ path, name }) => {
      const limit = report.limits.find((one) => one.path === path);
      return { name, value: figureOf(report, path), before: last && figureOf(last, path), limit };
    })
    .filter(({ value, limit }) => value !== undefined || limit);
}

export const changeOf = ({ value, before }) =>
  value === undefined || !before ? '' : `${value >= before ? '+' : ''}${Math.round((value / before - 1) * 100)} %`;

export const limitOf = ({ limit }) =>
  !limit ? '' : `${limit.min === undefined ? `≤ ${limit.max}` : `≥ ${limit.min}`} ${limit.held ? 'held' : 'BROKEN'}`;

function comparison(report, last) {
  const cells = ([name, ...values]) => `  ${name.padEnd(28)}${values.map((value) => value.padStart(14)).join('')}`;
  const shown = (value) => (value === undefined ? '–' : value.toLocaleString('en'));
  return [
    cells(['', 'this run', ...(last ? ['last run', 'change'] : []), ...(report.limits.length > 0 ? ['limit'] : [])]),
    ...rowsOf(report, last).map((row) =>
      cells([
        row.name,
        shown(row.value),
        ...(last ? [shown(row.before), changeOf(row)] : []),
        ...(report.limits.length > 0 ? [limitOf(row)] : []),
      ]).trimEnd(),
    ),
  ];
}

function verdict({ wrongs, limits }) {
  const broken = limits.filter(({ held }) => !held);
  return [
    ...wrongs.map((wrong) => `  WRONG: ${wrong}`),
    ...broken.map(({ name, value = 'not measured' }) => `  LIMIT BROKEN: ${name}: ${value}`),
    ...(wrongs.length > 0 ? [] : ['  Nothing oversold, nothing lost, nothing left pending.']),
  ];
}
