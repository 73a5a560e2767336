const BARS = '▁▂▃▄▅▆▇█';

/** The run as it goes on: one line that says it all, then each second so far as a bar. */
export function linesOf({ tally, options, sold, width }) {
  const { timeline } = tally;
  const done = tally.accepted.size + tally.refused + tally.looked;
  const share = Math.round((done / options.orders) * 100);
  // The second that has just begun is not over.
  const whole = timeline.slice(0, -1);
  const now = whole.at(-1) ?? timeline[0] ?? { accepted: 0, looked: 0, p50: null, p99: null };
  const figures = [
    `${tally.accepted.size.toLocaleString('en')} accepted`,
    `${(now.accepted + now.looked).toLocaleString('en')}/s`,
    `p50 ${now.p50 ?? '–'} ms`,
    `p99 ${now.p99 ?? '–'} ms`,
    `${tally.inFlight} in flight`,
    `${sold.toLocaleString('en')} sold`,
    `${tally.refused} refused`,
    `${tally.repeated} repeated`,
  ];
  const bars = (name, values) => `  ${name.padEnd(14)}${sparkline(values.slice(-(width - 18)))}`;
  return [
    `${String(share).padStart(3)} %  ${figures.join('  ')}`,
    bars(
      'answered/s',
      whole.map(({ accepted, looked }) => accepted + looked),
    ),
    bars(
      'p99 ms',
      whole.map(({ p99 }) => p99 ?? 0),
    ),
    bars(
      'refused/s',
      whole.map(({ refused }) => refused),
    ),
  ].map((line) => line.slice(0, width));
}

/** The highest is a full bar, and none is none. */
export function sparkline(values) {
  const most = Math.max(...values, 0);
  return values.map((value) => (value === 0 ? ' ' : BARS[Math.ceil((value / most) * BARS.length) - 1])).join('');
}
