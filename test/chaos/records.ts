import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is written down about the run besides what is in its databases. */

const logFile = (name: string): string => join(process.env.SUITE_LOG_DIR!, name);
export const logFiles = ['combined.log', 'error.log'].map(logFile);

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];

/** The error log: what somebody would have to act on. */
export const alarms = (): string[] => linesOf(logFile('error.log'));

/** How the processes of the suite ended since the run began. */
export const endings = (): { label: string; how: string }[] =>
  linesOf(process.env.CHAOS_EVENTS!).flatMap((line) => {
    const [, label, how] = /^(\S+) ended \((.+?)\)/.exec(line) ?? [];
    return label ? [{ label, how }] : [];
  });
