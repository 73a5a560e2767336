/**
 * `npm run bench -- reserve`: measures a part of the suite beside the plain ways of doing the same, in one run, on stores
 * of its own with production's guarantees. Without a name it lists what there is; `--json` for the figures as data.
 */
import { report } from './lib/failure.mjs';
import { assertNodeVersion, ensureInstalled } from './lib/install.mjs';

try {
  assertNodeVersion();
  await ensureInstalled(console.error);
  const { benchRun } = await import('./lib/bench-run.mjs');
  process.exit(await benchRun(process.argv.slice(2)));
} catch (error) {
  report(error);
  process.exit(2);
}
