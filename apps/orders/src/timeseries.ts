import { MAX_POINTS, Problem, type Interval } from '@suite/contracts';
import { beginOf, grainMs, type Range } from './time-range';

/** How many intervals are shown when nobody says from when, the present one included. */
const USUAL: Record<Interval, number> = { hour: 24, day: 30 };

export interface SeriesInterval extends Range {
  /** When the whole interval begins, of which only a part may be wanted. */
  at: number;
}

/**
 * The intervals of a time, in order; the first and the last may be cut short.
 * @param now in ms since the epoch
 * @throws Problem VALIDATION_FAILED when there are too many of them
 */
export function intervalsOf(interval: Interval, given: { from?: string; to?: string }, now: number): SeriesInterval[] {
  const length = grainMs[interval];
  const to = given.to === undefined ? beginOf(interval, now) + length : Date.parse(given.to);
  // The last interval is the one in which `to` lies, unless that is where it begins.
  const from =
    given.from === undefined ? beginOf(interval, to - 1) - (USUAL[interval] - 1) * length : Date.parse(given.from);
  const first = beginOf(interval, from);
  const count = from < to ? Math.ceil((to - first) / length) : 0;
  if (count > MAX_POINTS) {
    const message = `from and to are ${count} times an ${interval} apart; ${MAX_POINTS} is the most`;
    throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: 'from', message }] });
  }
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * length;
    return { at, from: Math.max(at, from), to: Math.min(at + length, to) };
  });
}
