/** One suite a data folder: a second start is refused, and what a killed launcher left behind is stopped. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { commandLine, isAlive, signal, until } from './system.mjs';

/** @param {string} dataDir */
export const stateFileOf = (dataDir) => join(dataDir, 'run', 'state.json');
/** @param {string} dataDir */
const lockFileOf = (dataDir) => join(dataDir, 'run', 'launcher.json');

/** @typedef {{ pid: number, command: string }} Owner a pid alone may belong to another program by now */

/**
 * @typedef {object} State
 * @property {Owner} launcher
 * @property {string} [url]
 * @property {import('./supervisor.mjs').ProcessState[]} processes
 */

/** @param {string} dataDir @returns {State | undefined} what the launcher wrote last */
export const readState = (dataDir) => /** @type {State | undefined} */ (readJson(stateFileOf(dataDir)));

/** @param {string} dataDir @returns {Owner | undefined} the launcher that runs now */
export function runningLauncher(dataDir) {
  const owner = /** @type {Owner | undefined} */ (readJson(lockFileOf(dataDir)));
  return owner && isAlive(owner.pid) && commandLine(owner.pid) === owner.command ? owner : undefined;
}

/**
 * Makes this process the one launcher of the folder.
 * @param {string} dataDir
 * @param {string} what it is, for who is refused
 * @throws {Failure} when another one runs
 */
export function claim(dataDir, what = 'The suite') {
  const lockFile = lockFileOf(dataDir);
  mkdirSync(dirname(lockFile), { recursive: true });
  const me = JSON.stringify({ pid: process.pid, command: commandLine(process.pid) });
  for (;;) {
    try {
      return writeFileSync(lockFile, me, { flag: 'wx' });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const other = runningLauncher(dataDir);
    if (other) {
      const url = readState(dataDir)?.url;
      throw new Failure(
        `${what} runs already (pid ${other.pid}${url ? `, ${url}` : ''}).`,
        what === 'The suite'
          ? '`npm run status` shows it, `npm stop` ends it'
          : `wait for it, or \`kill ${other.pid}\``,
      );
    }
    rmSync(lockFile, { force: true });
  }
}

/** @param {string} dataDir */
export function unclaim(dataDir) {
  rmSync(lockFileOf(dataDir), { force: true });
  rmSync(stateFileOf(dataDir), { force: true });
}

/**
 * Ends the launcher of the folder, which ends everything else, and what an earlier one has left.
 * @param {string} dataDir
 * @returns {Promise<boolean>} whether there was anything
 */
export async function stopSuite(dataDir) {
  const launcher = runningLauncher(dataDir);
  if (launcher) {
    signal(launcher.pid, 'SIGTERM');
    const ended = await until(() => !isAlive(launcher.pid), 60_000);
    if (!ended) throw new Failure(`The launcher (pid ${launcher.pid}) does not end.`, `kill -9 ${launcher.pid}`);
  }
  const left = await stopLeftovers(dataDir);
  unclaim(dataDir);
  return Boolean(launcher) || left.length > 0;
}

/**
 * Stops what a launcher that was killed left running, in the usual order.
 * @param {string} dataDir
 * @returns {Promise<string[]>} their labels
 */
export async function stopLeftovers(dataDir) {
  const left = (readState(dataDir)?.processes ?? []).filter(isLeft);
  const orders = [...new Set(left.map(({ stopOrder }) => stopOrder))].sort((a, b) => a - b);
  for (const order of orders) {
    await Promise.all(left.filter(({ stopOrder }) => stopOrder === order).map(({ pid = 0 }) => end(pid)));
  }
  return left.map(({ label }) => label);
}

/**
 * Whether the process, or the group it led, is still there and is what was started then. A program may have put
 * something before its arguments (`nginx: master process …`); a group whose leader is gone keeps its number from being
 * given to anybody else.
 *
 * @param {import('./supervisor.mjs').ProcessState} process
 */
function isLeft({ pid, args }) {
  if (!pid || !signal(-pid, 0)) return false;
  return !isAlive(pid) || commandLine(pid).includes(args);
}

/** @param {number} pid */
async function end(pid) {
  signal(pid, 'SIGTERM');
  const gone = await until(() => !isAlive(pid), 10_000);
  signal(-pid, 'SIGKILL');
  if (!gone) await until(() => !isAlive(pid), 5_000);
}

/** @param {string} file */
function readJson(file) {
  try {
    return /** @type {unknown} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
