/** `npm run payments:reconcile -- --since 24h`: both ledgers of the suite in this folder, or of the one in the settings. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { environmentOf } from './lib/environment.mjs';
import { report } from './lib/failure.mjs';
import { loadEnvFile, readSettings, root } from './lib/settings.mjs';

try {
  loadEnvFile();
  await ensureBuilt();
  const entry = join(root, 'dist/apps/payments/src/reconcile.main.js');
  const child = spawn(process.execPath, [entry, ...process.argv.slice(2)], {
    env: { ...environmentOf(readSettings()), NODE_ENV: process.env.NODE_ENV || 'development' },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  report(error);
  process.exitCode = 2;
}
