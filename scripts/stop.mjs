/** `npm stop`: ends the running suite, and what a killed launcher has left. */
import { report } from './lib/failure.mjs';
import { stopSuite } from './lib/instance.mjs';
import { loadEnvFile, readSettings } from './lib/settings.mjs';

try {
  loadEnvFile();
  console.log((await stopSuite(readSettings().dataDir)) ? 'Stopped.' : 'Nothing was running.');
} catch (error) {
  report(error);
  process.exitCode = 1;
}
