/** Files of BSON documents, one after the other and packed, as mongodump has them: `bsondump` reads them, too. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** MongoDB's own limit, and room for what it adds. */
const LARGEST = 17 * 1_024 * 1_024;

/**
 * Writes a file, over what an earlier try may have left of it.
 * @param {string} file
 * @param {AsyncIterable<Uint8Array>} documents as they came from MongoDB
 * @returns {Promise<{ documents: number, sha256: string }>} how many there are, and the hash of the packed file
 */
export async function writeBson(file, documents) {
  const hash = createHash('sha256');
  let count = 0;
  const counted = async function* () {
    for await (const document of documents) {
      count++;
      yield document;
    }
  };
  const hashed = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    counted,
    createGzip({ level: 1 }),
    hashed,
    createWriteStream(file, { flags: 'w', mode: 0o600, flush: true }),
  );
  return { documents: count, sha256: hash.digest('hex') };
}

/** @param {string} file @returns {Promise<string>} */
export async function hashOf(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** @param {string} file @returns {AsyncGenerator<Buffer>} its documents @throws {Error} where it is cut off or no such file */
export async function* readBson(file) {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file).pipe(createGunzip())) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const size = rest.readInt32LE(0);
      if (size < 5 || size > LARGEST) throw new Error(`${file} is not made of BSON documents`);
      if (rest.length < size) break;
      yield rest.subarray(0, size);
      rest = rest.subarray(size);
    }
  }
  if (rest.length > 0) throw new Error(`${file} is cut off`);
}
