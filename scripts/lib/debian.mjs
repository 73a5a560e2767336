/** Programs out of Debian and Ubuntu packages, unpacked into a folder: no root, nothing of the system is changed. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, fillOnce } from './provision.mjs';
import { run, runOrFail } from './run.mjs';
import { which } from './system.mjs';

/**
 * A package and those of its dependencies that this machine lacks.
 * @param {string} name the package
 * @param {string} program the file in it
 * @param {string} cacheDir
 * @returns {Promise<import('./provision.mjs').Found>}
 */
export async function fromDebianPackage(name, program, cacheDir) {
  if (!which('apt-get') || !which('dpkg-deb')) return undefined;
  await fillOnce(join(cacheDir, 'debian', name), (folder) => unpack(name, folder));
  return fromDebianCache(name, program, cacheDir);
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string} cacheDir
 * @returns {import('./provision.mjs').Found}
 */
export function fromDebianCache(name, program, cacheDir) {
  const folder = join(cacheDir, 'debian', name);
  const path = findProgram(folder, program);
  if (!path) return undefined;
  const parent = join(folder, 'usr/lib');
  const libraries = (existsSync(parent) ? readdirSync(parent) : [])
    .filter((entry) => entry.includes('-linux-gnu'))
    .map((entry) => join(parent, entry));
  return { path, env: libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {} };
}

/** @param {string} name @param {string} folder */
async function unpack(name, folder) {
  const { names, options } = await missingPackages(name, folder);
  const downloads = join(folder, 'packages');
  mkdirSync(downloads, { recursive: true });
  await runOrFail('apt-get', [...options, '-q', 'download', ...names], { cwd: downloads, timeoutMs: 120_000 });
  for (const file of readdirSync(downloads)) await runOrFail('dpkg-deb', ['-x', join(downloads, file), folder]);
  for (const leftover of ['packages', 'apt']) rmSync(join(folder, leftover), { recursive: true, force: true });
}

/**
 * apt says itself what it would install. A machine whose package lists were never fetched, as in most containers, knows
 * no package: then they are fetched into a folder of our own, which needs no root either.
 *
 * @param {string} name
 * @param {string} folder
 */
async function missingPackages(name, folder) {
  /** @type {string[]} */
  let options = [];
  let plan = await simulate(name, options);
  if (plan.code !== 0) {
    const lists = join(folder, 'apt');
    mkdirSync(join(lists, 'lists/partial'), { recursive: true });
    mkdirSync(join(lists, 'cache/archives/partial'), { recursive: true });
    options = ['-o', `Dir::State::Lists=${join(lists, 'lists')}`, '-o', `Dir::Cache=${join(lists, 'cache')}`];
    await runOrFail('apt-get', [...options, '-q', 'update'], { timeoutMs: 120_000 });
    plan = await simulate(name, options);
  }
  const names = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map(([, found = '']) => found);
  if (names.length === 0) throw new Error(`apt knows no package ${name}`);
  return { names, options };
}

/** @param {string} name @param {string[]} options */
const simulate = (name, options) =>
  run('apt-get', [...options, 'install', '--simulate', '--no-install-recommends', name]);
