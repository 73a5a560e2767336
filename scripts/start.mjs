/**
 * `npm start`: installs what is missing, provides MongoDB, Redis and Nginx, builds, runs and watches over everything.
 * `--watch` builds and restarts on change, `--inspect` opens debugger ports.
 *
 * Until the packages are installed only Node's own modules can be loaded, so the rest is imported afterwards.
 */
import { report } from './lib/failure.mjs';
import { assertNodeVersion, ensureInstalled } from './lib/install.mjs';

const since = performance.now();
try {
  assertNodeVersion();
  await ensureInstalled();
  const { launch } = await import('./lib/launch.mjs');
  await launch({ watch: process.argv.includes('--watch'), inspect: process.argv.includes('--inspect'), since });
} catch (error) {
  report(error);
  process.exit(1);
}
