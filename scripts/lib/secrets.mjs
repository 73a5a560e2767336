import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The keys that sign tokens in a trial run: made once for a data folder, so that logins survive a restart. In production
 * they are settings, and nothing is made up.
 *
 * @param {string} dataDir
 * @returns {{ JWT_SECRET: string, JWT_REFRESH_SECRET: string }}
 */
export function ensureSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const secret = () => randomBytes(48).toString('base64url');
    writeFileSync(file, JSON.stringify({ JWT_SECRET: secret(), JWT_REFRESH_SECRET: secret() }), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
