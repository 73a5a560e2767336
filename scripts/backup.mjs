/**
 * `npm run backup -- <folder>`: writes down one moment of all databases, while the shop is open. Redis is not in it: what
 * is there follows from the databases. The files hold what customers told the shop; keep them as you keep the database.
 */
import { backUp } from './lib/backups.mjs';
import { databaseUri } from './lib/database-uri.mjs';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { loadEnvFile } from './lib/settings.mjs';
import { secondsSince } from './lib/steps.mjs';

const since = performance.now();
try {
  loadEnvFile();
  // In the container image its own name comes first.
  const folder = process.argv.slice(2).filter((argument) => argument !== 'backup')[0];
  if (!folder) throw new Failure('It is not said where the backup goes.', '`npm run backup -- <folder>`');
  const { at, collections } = await backUp(databaseUri(), folder);
  const documents = collections.reduce((sum, collection) => sum + collection.documents, 0);
  console.log(
    `✔ ${folder}: ${documents} documents of ${collections.length} collections, as they stood at ${at} (${secondsSince(since)})`,
  );
} catch (error) {
  report(error instanceof Failure ? error : new Failure(`The backup failed: ${messageOf(error)}.`));
  process.exitCode = 1;
}
