/**
 * `npm test`: everything, on its own ports and data. `npm test -- e2e orders` runs the stories whose file matches;
 * `--watch` and `--coverage` are Jest's. The last line is always `N passed, N failed`.
 */
import { report } from './lib/failure.mjs';
import { assertNodeVersion, ensureInstalled } from './lib/install.mjs';

try {
  assertNodeVersion();
  await ensureInstalled();
  const { testRun } = await import('./lib/test-run.mjs');
  process.exit(await testRun(process.argv.slice(2)));
} catch (error) {
  report(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
