import { createServer } from 'node:net';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';
import { commandLine } from './system.mjs';

/**
 * @param {number} port
 * @returns {Promise<string | undefined>} undefined when it is free, otherwise the error's code (EADDRINUSE, EACCES)
 */
export const whyTaken = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(undefined)));
  });

/**
 * @param {Record<string, number>} ports by the name of their setting
 * @throws {Failure} naming the first taken one, its setting and, where it can be seen, the program that holds it
 */
export async function assertPortsFree(ports) {
  for (const [setting, port] of Object.entries(ports)) {
    const code = await whyTaken(port);
    if (code === 'EACCES') {
      throw new Failure(`Port ${port} (${setting}) needs root.`, `set ${setting} to a port from 1024 on`);
    }
    if (code === undefined) continue;
    const holder = await holderOf(port);
    throw new Failure(
      `Port ${port} (${setting}) is taken${holder ? ` by ${holder}` : ''}.`,
      `stop that program, or choose another port: ${setting}=${await nextFree(port + 1)} npm start`,
    );
  }
}

/** @param {number} port @returns {Promise<number>} this port or the next that is free */
export async function nextFree(port) {
  for (let candidate = port; candidate < 65_535; candidate++) {
    if (!(await whyTaken(candidate))) return candidate;
  }
  throw new Failure(`There is no free port from ${port} on.`);
}

/**
 * Who listens on a port: from /proc where there is one (only one's own processes, unless root), otherwise from lsof.
 * @param {number} port
 * @returns {Promise<string | undefined>} `nginx (pid 123)`
 */
export async function holderOf(port) {
  const pid = process.platform === 'linux' ? listenerFromProc(port) : await listenerFromLsof(port);
  if (!pid) return undefined;
  const [program = '?', script] = commandLine(pid).split(' ');
  const name = program.split('/').at(-1)?.replace(/:$/, ''); // `nginx: master process …`
  return `${name === 'node' && script ? `node ${script}` : name} (pid ${pid})`;
}

const LISTEN = '0A';

/** @param {number} port */
function listenerFromProc(port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readOr(table, '').split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN && local?.endsWith(suffix)) sockets.add(`socket:[${inode}]`);
    }
  }
  const pids = sockets.size > 0 ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return Number(pids.find((pid) => openFiles(pid).some((target) => sockets.has(target)))) || undefined;
}

/** @param {string} pid */
function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // somebody else's process, or gone meanwhile
  }
}

/** @param {string} file @param {string} fallback */
function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}

/** @param {number} port */
async function listenerFromLsof(port) {
  const { stdout } = await run('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']);
  return Number(stdout.trim().split('\n')[0]) || undefined;
}
