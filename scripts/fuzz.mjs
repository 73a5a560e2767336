/**
 * `npm run fuzz`: starts a suite of its own and lets Schemathesis (`pip install schemathesis`) send it what our OpenAPI
 * document allows and what it forbids, as an admin and as a customer. `--seconds=600` for both together; what else is
 * said goes to Schemathesis.
 */
import { report } from './lib/failure.mjs';
import { assertNodeVersion, ensureInstalled } from './lib/install.mjs';

try {
  assertNodeVersion();
  await ensureInstalled(console.error);
  const { fuzzRun } = await import('./lib/fuzz-run.mjs');
  process.exit(await fuzzRun(process.argv.slice(2)));
} catch (error) {
  report(error);
  process.exit(2);
}
