/** `npm run status`: every process with its port, that of its metrics, restarts and memory, and whether the whole is healthy. */
import { report } from './lib/failure.mjs';
import { healthOf } from './lib/health.mjs';
import { readState, runningLauncher } from './lib/instance.mjs';
import { loadEnvFile, readSettings } from './lib/settings.mjs';
import { memoryOf } from './lib/system.mjs';
import { table } from './lib/table.mjs';

process.stdout.on('error', () => {}); // whoever read it is gone: `npm run status | head`
try {
  loadEnvFile();
  const { dataDir } = readSettings();
  const launcher = runningLauncher(dataDir);
  const state = readState(dataDir);
  if (!launcher || !state) {
    console.log('The suite does not run here. `npm start` starts it.');
    process.exitCode = 1;
  } else {
    await show(launcher.pid, state);
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}

/** @param {number} launcherPid @param {import('./lib/instance.mjs').State} state */
async function show(launcherPid, { url, processes }) {
  const memory = new Map([launcherPid, ...processes.map(({ pid }) => pid)].map((pid) => [pid, pid && memoryOf(pid)]));
  const rows = processes.map(({ label, status, pid, port, metricsPort, restarts, since }) => [
    label,
    status,
    pid ?? '',
    port ?? '',
    metricsPort ?? '',
    restarts,
    status === 'up' ? duration(Date.now() - Date.parse(since)) : '',
    megabytes(memory.get(pid)),
  ]);
  rows.push(['launcher', 'up', launcherPid, '', '', '', '', megabytes(memory.get(launcherPid))]);
  console.log(table([['process', 'status', 'pid', 'port', 'metrics', 'restarts', 'up for', 'memory'], ...rows]));
  const total = [...memory.values()].reduce((/** @type {number} */ sum, bytes) => sum + (bytes || 0), 0);
  if (total) console.log(`\nMemory in all: ${megabytes(total)} (proportional set size)`);
  if (!url) return;
  const { ready, down } = await healthOf(url);
  console.log(`Health at ${url}: ${ready ? 'ready' : `not ready (${down.join(', ')})`}`);
  if (!ready) process.exitCode = 1;
}

/** @param {number | undefined} bytes */
function megabytes(bytes) {
  return bytes ? `${Math.round(bytes / 1024 ** 2)} MB` : '';
}

/** @param {number} ms */
function duration(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1_000)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
