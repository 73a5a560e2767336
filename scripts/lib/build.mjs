import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';
import { root } from './settings.mjs';

const stampFile = join(root, 'dist', '.sources');
/** The compiler's own stack, and progress lines. */
const NOISE = /\n+Caused by:[^]*?(?=Failed to compile)|^> +SWC +Running\.\.\.\n/gm;

/**
 * Builds unless dist/ was built from these very sources.
 * @returns {Promise<boolean>} whether it had to
 * @throws {Failure} with what the compiler said
 */
export async function ensureBuilt() {
  const sources = hashOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sources) return false;
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const { code, stdout, stderr } = await run(process.execPath, [nest, 'build', '--all'], { cwd: root });
  if (code !== 0) {
    const said = `${stdout}\n${stderr}`.replace(NOISE, '').trim().split('\n').slice(0, 40);
    throw new Failure('The sources do not compile.', 'put right what the lines above name', said);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, sources);
  return true;
}

/** By content: a fresh checkout and `git switch` give other times to the same files. */
function hashOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const file of ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...sourceFiles()]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @returns {string[]} from the project's root, sorted */
function sourceFiles() {
  return ['apps', 'libs']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
