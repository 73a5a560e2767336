/**
 * `npm run reports:rebuild`: builds what reports are read from anew, from the orders, while the suite runs. What is begun
 * and stopped, the suite finishes.
 */
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
  const env = { ...environmentOf(settings), LOG_DIR: 'none', LOG_CONSOLE_LEVEL: 'info' };
  const child = spawn(process.execPath, [join(root, 'dist/apps/orders/src/rebuild.main.js')], {
    env,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
