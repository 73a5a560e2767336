/** A backup is a folder: a file for each collection, and a manifest that is written last. What has none is none. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { hashOf, readBson, writeBson } from './bson-file.mjs';
import { DATABASES } from './database-uri.mjs';
import { Failure } from './failure.mjs';
import { inSnapshot, prefixOf, withClient } from './oracle/database.mjs';

/** mongoose brings it, in the image for production too. @type {typeof import('mongodb')} */
const { BSON } = createRequire(createRequire(import.meta.url).resolve('mongoose'))('mongodb');

const FORMAT = 1;
const BATCH = 500;
const PATIENCE_MS = 5_000;
/** What keeps every type as it is: a whole number that was a double stays one. */
const AS_IT_IS = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };

/** @typedef {{ database: string, name: string, documents: number, sha256: string, options: object, indexes: object[] }} Collection */
/** @typedef {{ format: number, at: string, collections: Collection[] }} Manifest */

const fileOf = (/** @type {{ database: string, name: string }} */ { database, name }) => `${database}.${name}.bson.gz`;
const manifestOf = (/** @type {string} */ folder) => join(folder, 'manifest.json');

/**
 * Writes down one moment of all databases, while the shop goes on: a snapshot session, for as long as the server keeps
 * the past (`minSnapshotHistoryWindowInSeconds`, five minutes unless it was told otherwise).
 *
 * @param {string} uri as the services have it
 * @param {string} folder that does not exist yet, or is empty
 * @returns {Promise<Manifest>}
 */
export async function backUp(uri, folder) {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Failure(`${folder} is not empty.`, 'name a folder that is not there yet');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const prefix = prefixOf(uri);
  return withClient(
    uri,
    (client) =>
      inSnapshot(client, prefix, async (session) => {
        const at = new Date().toISOString();
        const collections = [];
        for (const database of DATABASES) {
          const db = client.db(prefix + database);
          for (const { name, options = {}, type } of await db.listCollections({}, { nameOnly: false }).toArray()) {
            if (type !== 'collection' || name.startsWith('system.')) continue;
            const indexes = await db.collection(name).listIndexes().toArray();
            const documents = db.collection(name).find({}, { session, raw: true, batchSize: 1_000 });
            const written = await writeBson(join(folder, fileOf({ database, name })), /** @type {any} */ (documents));
            collections.push({ database, name, ...written, options, indexes });
          }
        }
        const manifest = { format: FORMAT, at, collections };
        writeFileSync(manifestOf(folder), `${JSON.stringify(manifest, undefined, 1)}\n`, { mode: 0o600, flush: true });
        return manifest;
      }),
    PATIENCE_MS,
  );
}

/** @param {string} folder @returns {Promise<Manifest>} whose files are all there and as they were written */
export async function readManifest(folder) {
  if (!existsSync(manifestOf(folder)))
    throw new Failure(`${folder} holds no finished backup.`, '`npm run backup -- <folder>` makes one');
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(manifestOf(folder), 'utf8'));
  if (manifest.format !== FORMAT) throw new Failure(`${folder} was written by another version of the suite.`);
  for (const collection of manifest.collections) {
    const file = join(folder, fileOf(collection));
    if (!existsSync(file) || (await hashOf(file)) !== collection.sha256)
      throw new Failure(`${file} is missing or was changed.`, 'use another backup');
  }
  return manifest;
}

/**
 * Puts a backup into databases that nobody uses: no service may run.
 *
 * @param {string} uri
 * @param {string} folder
 * @param {Manifest} manifest
 * @param {{ replace: boolean }} options `replace`: what is there goes
 */
export async function restore(uri, folder, manifest, { replace }) {
  await withClient(
    uri,
    async (client) => {
      const databases = DATABASES.map((name) => client.db(prefixOf(uri) + name));
      for (const db of databases) {
        if (replace) await db.dropDatabase({ writeConcern: { w: 'majority' } });
        else await assertEmpty(db);
      }
      for (const { database, name, documents, options, indexes } of manifest.collections) {
        const db = client.db(prefixOf(uri) + database);
        const collection = db.collection(name);
        await db.dropCollection(name).catch(() => undefined);
        await db.createCollection(name, options);
        let written = 0;
        for await (const batch of batchesOf(readBson(join(folder, fileOf({ database, name }))))) {
          await collection.insertMany(batch, { ordered: false, writeConcern: { w: 'majority', journal: true } });
          written += batch.length;
        }
        if (written !== documents) throw new Error(`${name} has ${written} documents instead of ${documents}`);
        const own = indexes.filter((index) => /** @type {{ name: string }} */ (index).name !== '_id_');
        if (own.length > 0) await db.command({ createIndexes: name, indexes: own });
      }
    },
    PATIENCE_MS,
  );
}

/** @param {import('mongodb').Db} db Collections without documents are what a service leaves that was started once. */
async function assertEmpty(db) {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    if (await db.collection(name).findOne())
      throw new Failure(`The database ${db.databaseName} is not empty.`, '`--replace` puts the backup in its place');
  }
}

/** @param {AsyncIterable<Buffer>} documents */
async function* batchesOf(documents) {
  /** @type {import('mongodb').Document[]} */
  let batch = [];
  for await (const document of documents) {
    batch.push(BSON.deserialize(document, AS_IT_IS));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
