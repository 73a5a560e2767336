/**
 * What the container image runs. With an argument: that one process (or tool), as this very process, so that signals
 * reach it. Without one: the whole suite, with MongoDB and Redis from outside and the HTTP API on PORT.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, report } from './lib/failure.mjs';
import { processKinds, specsOf } from './lib/processes.mjs';
import { readSettings, root } from './lib/settings.mjs';
import { EXIT_CONFIG } from './lib/supervised-process.mjs';
import { Supervisor } from './lib/supervisor.mjs';

/** What is done once and ends. @type {Record<string, string>} */
const tools = {
  seed: 'scripts/seed.mjs',
  import: 'scripts/import.mjs',
  audit: 'scripts/audit.mjs',
  backup: 'scripts/backup.mjs',
  restore: 'scripts/restore.mjs',
  migrate: 'scripts/migrate.mjs',
  explain: 'scripts/explain.mjs',
  'reports:rebuild': 'dist/apps/orders/src/rebuild.main.js',
  'payments:reconcile': 'dist/apps/payments/src/reconcile.main.js',
};

const [name] = process.argv.slice(2);
try {
  if (!name) await runAll();
  else await import(pathToFileURL(entryOf(name)).href);
} catch (error) {
  report(error);
  process.exit(error instanceof Failure ? EXIT_CONFIG : 1);
}

/** @param {string} wanted */
function entryOf(wanted) {
  const tool = tools[wanted];
  if (tool !== undefined && Object.hasOwn(tools, wanted)) return join(root, tool);
  const kind = processKinds.find((known) => known.name === wanted);
  if (kind) return join(root, kind.entry);
  const names = processKinds.map((known) => known.name).join(', ');
  throw new Failure(`There is no process "${wanted}".`, `one of ${names}, or nothing for all of them`);
}

async function runAll() {
  const settings = readSettings();
  for (const setting of ['MONGODB_URI', 'REDIS_HOST']) {
    if (!process.env[setting]) throw new Failure(`${setting} is not set.`, 'the image brings no stores of its own');
  }
  const print = (/** @type {string} */ line) => console.log(line);
  const supervisor = new Supervisor({ onLine: (_label, line) => print(line), onEvent: print });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => void supervisor.stop().then(() => process.exit(0)));
  }
  try {
    await supervisor.start(specsOf(settings, process.env));
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
