import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from './failure.mjs';
import { run } from './run.mjs';

/**
 * @typedef {object} Binary
 * @property {string} path
 * @property {string} version
 * @property {string} source where it came from, for the reader
 * @property {Record<string, string>} env what it needs in its environment, such as LD_LIBRARY_PATH
 */

/**
 * @typedef {object} Source one way to come by a program
 * @property {string} name
 * @property {boolean} [binding] chosen by the user: when it does not run, that is the answer, no other way is tried
 * @property {() => Promise<Found> | Found} find
 */
/** @typedef {string | { path: string, env?: Record<string, string> } | undefined} Found */

/**
 * Tries one source after the other and takes the first whose program runs: that a file is there says little (another
 * machine's format, a missing library), so `--version` is the test.
 *
 * @param {{ program: string, versionFlag: string, atLeast: [number, number], fix: string, sources: Source[] }} wanted
 * @returns {Promise<Binary>}
 * @throws {Failure} with the reason of every source
 */
export async function provision({ program, versionFlag, atLeast, fix, sources }) {
  const reasons = [];
  for (const { name, binding, find } of sources) {
    try {
      const found = await find();
      if (!found) continue;
      const { path, env = {} } = typeof found === 'string' ? { path: found } : found;
      const version = await versionOf(path, versionFlag, env);
      if (isOlder(version, atLeast)) throw new Error(`version ${version} is older than ${atLeast.join('.')}`);
      return { path, env, version, source: name };
    } catch (error) {
      reasons.push(`${name}: ${messageOf(error).replace(/\.$/, '')}`);
      if (binding) break;
    }
  }
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
  throw new Failure(`There is no ${program} that runs on this machine${why}.`, fix);
}

/** @param {string} path @param {string} flag @param {Record<string, string>} env */
async function versionOf(path, flag, env) {
  const result = await run(path, [flag], { env: { ...process.env, ...env }, timeoutMs: 10_000 });
  const said = `${result.stdout}\n${result.stderr}`.trim();
  if (result.code !== 0) throw new Error(`${path} does not run: ${said.split('\n')[0] || `exit ${result.code}`}`);
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? '0.0.0';
}

/** @param {string} version @param {[number, number]} atLeast */
function isOlder(version, [wantedMajor, wantedMinor]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/**
 * Fills a folder of the cache all or nothing: two clones may start at the same time, and either may be interrupted.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function fillOnce(folder, fill) {
  if (existsSync(folder)) return;
  mkdirSync(join(folder, '..'), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    await fill(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string | undefined} the file of that name somewhere below, made executable: wheels do not keep that bit
 */
export function findProgram(folder, name) {
  if (!existsSync(folder)) return undefined;
  const entry = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    (found) => found.name === name && !found.isDirectory() && /bin$/.test(found.parentPath),
  );
  if (!entry) return undefined;
  const path = join(entry.parentPath, name);
  chmodSync(path, 0o755);
  return path;
}
