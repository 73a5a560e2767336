/** `npm run payments:reconcile -- --since 24h`: both ledgers of the suite in this folder, or of the one in the settings. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { environmentOf } from './lib/environment.mjs';
import { Failure, report } from './lib/failure.mjs';
import { runningLauncher } from './lib/instance.mjs';
import { loadEnvFile, readSettings, root } from './lib/settings.mjs';

try {
  loadEnvFile();
  const settings = readSettings();
  if (!settings.mongodbUri && !runningLauncher(settings.dataDir))
    throw new Failure('The suite does not run here.', '`npm start` starts it; MONGODB_URI names a database elsewhere');
  await ensureBuilt();
  const entry = join(root, 'dist/apps/payments/src/reconcile.main.js');
  const child = spawn(process.execPath, [entry, ...process.argv.slice(2)], {
    env: { ...environmentOf(settings), LOG_DIR: 'none' },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  report(error);
  process.exitCode = 2;
}
