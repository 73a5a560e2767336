/** Brings node_modules in line with the lock file. Node's own modules only: this runs when nothing is installed. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { npm } from './npm.mjs';
import { root } from './settings.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.order-suite.json');

/** Stops with a clear line on a Node that is too old, before something else fails in a strange way. */
export function assertNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!fits) throw new Failure(`Node ${version} is too old.`, 'use Node 20.19 or newer, or 22.12 or newer');
}

/**
 * `npm ci` where node_modules is missing, half done, or from another lock file, Node or machine.
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(say = console.log) {
  if (isInstalled()) return;
  const started = performance.now();
  say('Installing the packages (half a minute the first time) …');
  await install();
  if (!executable('nest')) {
    // An installation over a broken one was seen to leave programs without their exec bit; from nothing it is well.
    rmSync(modules, { recursive: true, force: true });
    await install();
  }
  writeStamp();
  say(`✔ Packages installed (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
}

function isInstalled() {
  if (!executable('nest')) return false;
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === stamp();
  // Installed by hand: take it if what npm wrote down there is what the lock file says.
  if (!sameVersions(join(root, 'package-lock.json'), join(modules, '.package-lock.json'))) return false;
  writeStamp();
  return true;
}

/** Bound to Node's major version and the machine, because of the native packages. */
function stamp() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return JSON.stringify({ lock, node: process.versions.modules, machine: `${process.platform}-${process.arch}` });
}

const writeStamp = () => writeFileSync(stampFile, stamp());

/** @param {string} program */
function executable(program) {
  try {
    accessSync(join(modules, '.bin', program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} lockFile @param {string} installedFile */
function sameVersions(lockFile, installedFile) {
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const there = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || optional || devOptional || peer || there[path]?.version === version,
  );
}

async function install() {
  rmSync(stampFile, { force: true });
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, stderr } = await npm(args, { timeoutMs: 600_000 });
  if (code !== 0) throw whyInstallFailed(stderr);
}

/** @param {string} stderr */
export function whyInstallFailed(stderr) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(stderr)) {
    return new Failure(
      'npm cannot reach its registry, so the packages cannot be installed.',
      'check the network or proxy (`npm config get registry`, `npm ping`) and start again',
    );
  }
  if (/EUSAGE/.test(stderr)) {
    return new Failure('package-lock.json does not fit package.json.', 'run `npm install` and commit the lock file');
  }
  if (/EACCES|EPERM/.test(stderr)) {
    return new Failure(`npm may not write ${modules}.`, 'make the folder yours (`sudo chown -R $(id -u) .`)');
  }
  if (/ENOSPC/.test(stderr)) return new Failure('The disk is full.', 'free about 500 MB and start again');
  const tail = stderr.trim().split('\n').slice(-8);
  return new Failure('`npm ci` failed.', 'the lines above are from npm; run `npm ci` to see all of them', tail);
}
