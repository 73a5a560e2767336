import { Failure } from './failure.mjs';
import { readState, runningLauncher } from './instance.mjs';
import { readSettings } from './settings.mjs';

/** @returns {string} of the databases of the suite that runs here, or as MONGODB_URI says @throws {Failure} where neither is */
export function databaseUri() {
  const { mongodbUri, dataDir } = readSettings();
  if (mongodbUri) return mongodbUri;
  const embedded = readState(dataDir)?.processes.find(({ name }) => name === 'mongodb');
  if (!runningLauncher(dataDir) || !embedded)
    throw new Failure('The suite does not run here.', '`npm start` starts it; MONGODB_URI names a database elsewhere');
  return `mongodb://127.0.0.1:${embedded.port}/?directConnection=true`;
}
