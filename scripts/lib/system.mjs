/** What the operating system knows about processes. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** @param {number} pid @returns {string} program and arguments, joined by spaces; empty when there is no such process */
export function commandLine(pid) {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/**
 * @param {number} pid negative: the process group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether there was somebody to receive it
 */
export function signal(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * A process that ended but whose parent has not asked for it (a container's pid 1 often never does) counts as gone.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} timeoutMs
 * @returns {Promise<boolean>} whether it became true in time
 */
export async function until(condition, timeoutMs, everyMs = 50) {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

/**
 * What a process and the processes of its own (its group) really cost: proportional set size, in which pages that
 * several share are counted in parts.
 *
 * @param {number} leader
 * @returns {number | undefined} bytes; Linux only
 */
export function memoryOf(leader) {
  if (process.platform !== 'linux') return undefined;
  const group = readdirSync('/proc').filter((pid) => Number(pid) === leader || groupOf(pid) === leader);
  return group.reduce((sum, pid) => sum + pssOf(pid), 0);
}

/** @param {string} pid */
function groupOf(pid) {
  // The name stands in parentheses and may hold anything, so what follows is counted from the last one.
  return Number(contents(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[2]);
}

/** @param {string} pid */
function pssOf(pid) {
  const [, kilobytes = 0] = /^Pss:\s+(\d+) kB$/m.exec(contents(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kilobytes) * 1024;
}

/** @param {string} file @returns {string} nothing where the process is gone or somebody else's */
function contents(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Where Debian and Homebrew put servers, though not every PATH has them. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** @param {string} program @returns {string | undefined} its full path */
export function which(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
