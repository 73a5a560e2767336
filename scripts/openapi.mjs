/**
 * `npm run openapi`: writes `docs/openapi.json` and `docs/postman.json` from the code. `--check` only says whether they
 * are what it would write. It needs no running suite.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { Failure, report } from './lib/failure.mjs';
import { collectionOf } from './lib/postman.mjs';
import { defaultPorts, root } from './lib/settings.mjs';

/** Ids of the right form, and what may exist once. In a running suite, `/api/docs-json` has live ones. */
const SAMPLE_ID = '665f1c2e9b1d4a0012345678';
const SAMPLE = /** @type {Record<string, string>} */ ({ unique: 'sample', orderNumber: '0NK4-7Q9X-M2PB' });

try {
  await ensureBuilt();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'dist/apps/gateway/src/openapi.main.js')],
    // Nobody is to be asked anything: the document follows from the code alone.
    { env: { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', LOG_DIR: 'none' }, maxBuffer: 64 * 1_024 * 1_024 },
  );
  const filled = stdout.replace(/\{\{(\w+)\}\}/g, (_, name) => SAMPLE[name] ?? SAMPLE_ID);
  for (const [name, content] of Object.entries({
    'docs/openapi.json': JSON.parse(filled),
    'docs/postman.json': collectionOf(JSON.parse(stdout), `http://localhost:${defaultPorts.NGINX_PORT}`),
  }))
    keep(name, `${JSON.stringify(content, undefined, 1)}\n`);
} catch (error) {
  report(error);
  process.exitCode = 1;
}

/** @param {string} name @param {string} text */
function keep(name, text) {
  const file = join(root, name);
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  let kept = '';
  try {
    kept = readFileSync(file, 'utf8');
  } catch {
    // Not there is not current.
  }
  if (kept !== text) throw new Failure(`${name} is not what the code says.`, '`npm run openapi` writes it anew');
}
