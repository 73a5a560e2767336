import { Failure } from './failure.mjs';
import { readState, runningLauncher } from './instance.mjs';
import { readSettings } from './settings.mjs';

/** One a service that keeps something; `orders` is that of the processor as well. */
export const DATABASES = ['auth', 'stock', 'orders', 'payments', 'notifications'];

/**
 * For those who look into the databases past the services.
 * @returns {string} of the running suite, or as MONGODB_URI says
 * @throws {Failure} where there is neither
 */
export function databaseUri() {
  const { mongodbUri, dataDir } = readSettings();
  if (mongodbUri) return mongodbUri;
  const embedded = readState(dataDir)?.processes.find(({ name }) => name === 'mongodb');
  if (!runningLauncher(dataDir) || !embedded)
    throw new Failure('The suite does not run here.', '`npm start` starts it; MONGODB_URI names a database elsewhere');
  return `mongodb://127.0.0.1:${embedded.port}/?directConnection=true`;
}
