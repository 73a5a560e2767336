/**
 * `npm run promtool -- check rules docker/observability/alerts.yml`: Prometheus' own tool, with whatever it is given; found,
 * or downloaded into the cache.
 */
import { spawnSync } from 'node:child_process';
import { report } from './lib/failure.mjs';
import { provisionPromtool } from './lib/provision-promtool.mjs';
import { readSettings } from './lib/settings.mjs';

try {
  const { path, env } = await provisionPromtool(readSettings());
  const { status } = spawnSync(path, process.argv.slice(2), { stdio: 'inherit', env: { ...process.env, ...env } });
  process.exitCode = status ?? 1;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
