import { readFileSync } from 'node:fs';
import { figureOf, figures } from './figures.mjs';
import { UsageError } from './usage-error.mjs';

/**
 * Limits that a run has to hold: `{ "accepting.standard.p99": { "max": 100 }, "confirmedPerSecond": { "min": 500 } }`.
 * @throws UsageError for a file that cannot be read, a figure that does not exist, and a limit that is none.
 */
export function readLimits(file) {
  let limits;
  try {
    limits = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`The limits in ${file} cannot be read: ${error.message}`);
  }
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) {
    throw new UsageError(`${file} is no object of limits`);
  }
  for (const [path, limit] of Object.entries(limits)) {
    if (!figures.some((figure) => figure.path === path)) {
      throw new UsageError(
        `${file}: there is no figure "${path}"; there are ${figures.map((one) => one.path).join(', ')}`,
      );
    }
    const bounds = Object.entries(limit ?? {});
    const isLimit = ([bound, value]) => ['min', 'max'].includes(bound) && Number.isFinite(value);
    if (bounds.length === 0 || !bounds.every(isLimit)) throw new UsageError(`${file}: "${path}" needs a min or a max`);
  }
  return limits;
}

/** @returns for each limit what was measured, and whether that holds it; what was not measured does not. */
export function judge(report, limits) {
  return Object.entries(limits || {}).map(([path, { min = -Infinity, max = Infinity }]) => {
    const value = figureOf(report, path);
    const { name } = figures.find((figure) => figure.path === path);
    return { path, name, ...limits[path], value, held: value !== undefined && value >= min && value <= max };
  });
}
