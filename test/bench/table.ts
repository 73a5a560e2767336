import { median, ratio, type Outcome } from './rounds';

/** What becomes of an outcome in a report: rates are per second, times in ms. */
export interface Row {
  name: string;
  perSecond: number;
  p50: number;
  p99: number;
  ok: number;
  refused: number;
  /** How many times as fast the first way is as this one: the median of the rounds' own ratios. */
  ratio: number;
  rates: number[];
}

/** The first outcome is the one that the others are compared with. */
export function rowsOf(outcomes: Outcome[]): Row[] {
  return outcomes.map((outcome) => ({
    name: outcome.name,
    perSecond: Math.round(median(outcome.rates)),
    p50: round(outcome.p50),
    p99: round(outcome.p99),
    ok: outcome.ok,
    refused: outcome.refused,
    ratio: round(ratio(outcomes[0], outcome)),
    rates: outcome.rates.map(Math.round),
  }));
}

export function tableOf(title: string, what: string, rows: Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const cells = (values: (string | number)[]) => values.map((value) => shown(value).padStart(11)).join('');
  const lines = rows.map((row, i) => {
    const compared = i === 0 ? '' : `${row.ratio.toFixed(row.ratio < 10 ? 2 : 1)} ×`;
    return `  ${row.name.padEnd(width)}${cells([row.perSecond, row.p50, row.p99, row.ok, compared])}`.trimEnd();
  });
  const heading = `  ${''.padEnd(width)}${cells([`${what}/s`, 'p50 ms', 'p99 ms', 'ok', 'slower'])}`;
  return ['', title, heading, ...lines, ''].join('\n');
}

const round = (value: number): number => Math.round(value * 100) / 100;

const shown = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 }) : value;
