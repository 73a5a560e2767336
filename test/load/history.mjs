import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs are comparable only if they did the same: the last one of each scenario and pace is kept. */
const fileOf = ({ keep, scenario, rate }) => join(keep, `${scenario}-${rate > 0 ? `${rate}-a-second` : 'closed'}.json`);

/** The report of the last such run; undefined where there is none, or none that can be read. */
export async function lastRun(options) {
  if (!options.keep) return undefined;
  try {
    return JSON.parse(await readFile(fileOf(options), 'utf8'));
  } catch {
    return undefined;
  }
}

export async function keepRun(report) {
  const { options } = report;
  if (!options.keep) return;
  await mkdir(options.keep, { recursive: true });
  await writeFile(fileOf(options), JSON.stringify(report));
}
