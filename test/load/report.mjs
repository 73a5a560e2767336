import { byTier } from './tally.mjs';
import { findWrongs } from './verdict.mjs';

/** Everything that is said at the end, as data. Rates are per second, times in ms. */
export function makeReport({ options, tally, placingMs, orders, levels }) {
  const { confirmedIn, confirmedAt, confirmed, confirmingMs } = confirmations(orders);
  const rate = (count, ms) => (ms > 0 ? Math.round((count / ms) * 10_000) / 10 : 0);
  return {
    options,
    at: new Date().toISOString(),
    seconds: Math.round(placingMs / 100) / 10,
    placed: tally.accepted.size + tally.refused,
    accepted: tally.accepted.size,
    acceptedPerSecond: rate(tally.accepted.size, placingMs),
    confirmed,
    confirmedPerSecond: rate(confirmed, confirmingMs),
    repeated: tally.repeated,
    refusals: tally.refusals,
    looked: tally.looked,
    lookedPerSecond: rate(tally.looked, placingMs),
    refused: tally.refused,
    ended: countBy(orders, ({ status, failure }) => (failure ? `${status} ${failure.code}` : status)),
    accepting: summaries(tally.acceptedIn),
    confirming: summaries(confirmedIn),
    looking: tally.looks.summary(),
    timeline: timelineOf(tally, confirmedAt),
    stock: levels,
    wrongs: findWrongs({ acceptedIds: tally.accepted.keys(), orders, levels }),
  };
}

/** From the orders' own history, so that asking for it does not delay it. */
function confirmations(orders) {
  const confirmedIn = byTier();
  const confirmedAt = [];
  let [first, last, confirmed] = [Infinity, 0, 0];
  for (const { tier, createdAt, history } of orders) {
    const at = Date.parse(history.find(({ status }) => status === 'CONFIRMED')?.at);
    if (Number.isNaN(at)) continue;
    const created = Date.parse(createdAt);
    confirmedIn[tier].add(at - created);
    confirmedAt.push(at);
    confirmed++;
    first = Math.min(first, created);
    last = Math.max(last, at);
  }
  return { confirmedIn, confirmedAt, confirmed, confirmingMs: last - first };
}

/** What the tally knows of each second, and how many orders were confirmed in it, also after the last was placed. */
function timelineOf(tally, confirmedAt) {
  const rows = tally.timeline.map((second) => ({ ...second, confirmed: 0 }));
  const begun = performance.timeOrigin + tally.begun;
  const nothing = { accepted: 0, looked: 0, refused: 0, p50: null, p99: null };
  for (const at of confirmedAt) {
    const index = Math.max(0, Math.floor((at - begun) / 1_000));
    while (rows.length <= index) rows.push({ ...nothing, confirmed: 0 });
    rows[index].confirmed++;
  }
  return rows;
}

const summaries = (times) => ({ vip: times.vip.summary(), standard: times.standard.summary() });

function countBy(items, nameOf) {
  const counts = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
