import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LARGE = 50 * 1024 * 1024;

/**
 * Puts large log files aside (`combined.log` becomes `combined.log.old`, replacing the last such), so that a machine
 * where the suite is often tried does not fill up. Only while nobody writes to them.
 *
 * @param {string} logDir
 */
export function trimLogs(logDir) {
  if (!existsSync(logDir)) return;
  for (const name of readdirSync(logDir).filter((file) => file.endsWith('.log'))) {
    const file = join(logDir, name);
    if (statSync(file).size > LARGE) renameSync(file, `${file}.old`);
  }
}
