import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = /** @type {const} */ (['JWT_SECRET', 'JWT_REFRESH_SECRET', 'CALLER_SECRET']);

/**
 * The keys that sign tokens and seal callers in a trial run: made once for a data folder, so that logins survive a restart. In production
 * they are settings, and nothing is made up.
 *
 * @param {string} dataDir
 * @returns {Record<typeof NAMES[number], string>}
 */
export function ensureSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (NAMES.every((name) => kept[name])) return kept;
  const made = Object.fromEntries(NAMES.map((name) => [name, randomBytes(48).toString('base64url')]));
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...made, ...kept }), { mode: 0o600 });
  return { ...made, ...kept };
}
