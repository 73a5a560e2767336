/** `npm run reset`: stops the suite and removes its data, so that the next start begins anew. `--yes` asks nothing. */
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Failure, report } from './lib/failure.mjs';
import { stopSuite } from './lib/instance.mjs';
import { loadEnvFile, readSettings, root } from './lib/settings.mjs';

try {
  loadEnvFile();
  const { dataDir, mongodbUri } = readSettings();
  if (!existsSync(dataDir)) console.log('There are no data.');
  else if (await confirmed(relative(root, dataDir))) {
    await stopSuite(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
    console.log('Removed. `npm start` begins anew.');
    if (mongodbUri) console.log('The databases at MONGODB_URI were not touched.');
  } else console.log('Nothing was done.');
} catch (error) {
  report(error);
  process.exitCode = 1;
}

/** @param {string} folder */
async function confirmed(folder) {
  if (process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) throw new Failure('Nobody is there to ask.', '`npm run reset -- --yes`');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Stop the suite and remove all its data in ${folder}/? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
