import { byTier } from './tally.mjs';
import { findWrongs } from './verdict.mjs';

/** Everything that is said at the end, as data. Rates are per second, times in ms. */
export function makeReport({ options, tally, placingMs, orders, levels }) {
  const { confirmedIn, confirmed, confirmingMs } = confirmations(orders);
  const rate = (count, ms) => (ms > 0 ? Math.round((count / ms) * 10_000) / 10 : 0);
  return {
    options,
    placed: tally.accepted.size + tally.refused,
    accepted: tally.accepted.size,
    acceptedPerSecond: rate(tally.accepted.size, placingMs),
    confirmed,
    confirmedPerSecond: rate(confirmed, confirmingMs),
    repeated: tally.repeated,
    refusals: tally.refusals,
    ended: countBy(orders, ({ status, failure }) => (failure ? `${status} ${failure.code}` : status)),
    accepting: summaries(tally.acceptedIn),
    confirming: summaries(confirmedIn),
    stock: levels,
    wrongs: findWrongs({ acceptedIds: tally.accepted.keys(), orders, levels }),
  };
}

/** From the orders' own history, so that asking for it does not delay it. */
function confirmations(orders) {
  const confirmedIn = byTier();
  let [first, last, confirmed] = [Infinity, 0, 0];
  for (const { tier, createdAt, history } of orders) {
    const at = Date.parse(history.find(({ status }) => status === 'CONFIRMED')?.at);
    if (Number.isNaN(at)) continue;
    const created = Date.parse(createdAt);
    confirmedIn[tier].add(at - created);
    confirmed++;
    first = Math.min(first, created);
    last = Math.max(last, at);
  }
  return { confirmedIn, confirmed, confirmingMs: last - first };
}

const summaries = (times) => ({ vip: times.vip.summary(), standard: times.standard.summary() });

function countBy(items, nameOf) {
  const counts = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

export function reportText(report) {
  const { accepting, confirming } = report;
  const row = (what, tier, times) =>
    times &&
    `  ${what.padEnd(11)}${tier.padEnd(10)}${[times.count, times.p50, times.p95, times.p99, times.max].map(cell).join('')}`;
  const counts = (object) => Object.entries(object).map(([name, count]) => `    ${count.toLocaleString('en')} ${name}`);
  return [
    '',
    `  accepted   ${report.acceptedPerSecond.toLocaleString('en')}/s  (${report.accepted} of ${report.placed}, ${report.repeated} repeated)`,
    `  confirmed  ${report.confirmedPerSecond.toLocaleString('en')}/s  (${report.confirmed})`,
    '',
    `  ${'ms'.padEnd(21)}${['orders', 'p50', 'p95', 'p99', 'max'].map(cell).join('')}`,
    row('accepting', 'vip', accepting.vip),
    row('', 'standard', accepting.standard),
    row('confirming', 'vip', confirming.vip),
    row('', 'standard', confirming.standard),
    '',
    '  The orders ended',
    ...counts(report.ended),
    ...(Object.keys(report.refusals).length > 0 ? ['  Refused', ...counts(report.refusals)] : []),
    '',
    ...(report.wrongs.length > 0
      ? report.wrongs.map((wrong) => `  WRONG: ${wrong}`)
      : ['  Nothing oversold, nothing lost, nothing left pending.']),
    `  (seed ${report.options.seed})`,
    '',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

const cell = (value) => String(value).padStart(10);
