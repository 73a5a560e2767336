/** `npm start`, once the packages are there. */
import { summary } from './box.mjs';
import { ensureBuilt } from './build.mjs';
import { Failure, report } from './failure.mjs';
import { waitUntilHealthy } from './health.mjs';
import { claim, stateFileOf, stopLeftovers, unclaim } from './instance.mjs';
import { trimLogs } from './logs.mjs';
import { assertPortsFree } from './ports.mjs';
import { provisionNginx } from './provision-nginx.mjs';
import { provisionNode } from './provision-node.mjs';
import { seed } from './seeding.mjs';
import { loadEnvFile, readSettings } from './settings.mjs';
import { runSteps, secondsSince } from './steps.mjs';
import { portsInUse, startMongodb, startProcesses, startRedis } from './suite.mjs';
import { Supervisor } from './supervisor.mjs';
import { watchSources } from './watch.mjs';

/** @param {{ watch?: boolean, inspect?: boolean, since?: number }} options `since`: of performance.now() */
export async function launch({ watch = false, inspect = false, since = performance.now() }) {
  loadEnvFile();
  const settings = readSettings();
  const { dataDir, logDir } = settings;
  claim(dataDir);
  let up = false;
  // Whoever read the output is gone (`npm start | head`): no reason to fall.
  process.stdout.on('error', () => {});
  /** @param {string} text */
  const say = (text) => console.log(text);
  const supervisor = new Supervisor({
    stateFile: stateFileOf(dataDir),
    logDir,
    onLine: (label, line) => up && !DEBUGGER.test(line) && say(`${label} │ ${line}`),
    onEvent: (text) => say(`• ${text}`),
  });
  const stop = stopOnSignals(supervisor, dataDir);
  try {
    const left = await stopLeftovers(dataDir);
    if (left.length > 0) say(`• Stopped what an earlier start had left behind: ${left.join(', ')}`);
    await assertPortsFree(portsInUse(settings));
    trimLogs(logDir);

    const nginx = await prepare(supervisor, settings);
    const url = urlOf(nginx ? settings.ports.NGINX_PORT : settings.ports.PORT);
    supervisor.about = { url };
    await runSteps([
      { title: 'Processes', run: () => startProcesses(supervisor, settings, nginx, { inspect }) },
      { title: nginx ? 'Healthy through Nginx' : 'Healthy', run: () => waitUntilHealthy(url) },
      ...(settings.mode === 'production' ? [] : [{ title: 'Demo data', run: () => seed(url) }]),
    ]);
    up = true;
    say(summary(settings, { url, took: secondsSince(since), behindNginx: Boolean(nginx), inspect }));
    if (watch) watchSources(supervisor, say);
  } catch (error) {
    report(error);
    await stop(1);
  }
}

/**
 * Everything that does not need the rest, side by side.
 * @param {Supervisor} supervisor
 * @param {import('./settings.mjs').Settings} settings
 */
async function prepare(supervisor, settings) {
  /** @type {import('./provision.mjs').Binary | undefined} */
  let nginx;
  await runSteps(
    [
      { title: 'MongoDB', run: () => startMongodb(supervisor, settings) },
      { title: 'Redis', run: () => startRedis(supervisor, settings) },
      {
        title: 'Nginx',
        run: async () => {
          try {
            nginx = await provisionNginx(settings);
            return `${nginx.version} (${nginx.source})`;
          } catch (error) {
            if (!(error instanceof Failure) || settings.binaries.nginx) throw error;
            return `none, so the gateway's own port is used. ${error.line}`;
          }
        },
      },
      { title: 'Node for the services', run: async () => (await provisionNode(settings)).version },
      { title: 'Build', run: async () => ((await ensureBuilt()) ? 'sources compiled' : 'up to date') },
    ],
    { concurrent: true },
  );
  return nginx;
}

/** @param {number} port */
const urlOf = (port) => `http://127.0.0.1:${port}`;

/**
 * Ctrl-C, SIGTERM and a closed terminal stop everything in order; a second Ctrl-C does not wait.
 * @param {Supervisor} supervisor
 * @param {string} dataDir
 * @returns {(exitCode: number) => Promise<void>}
 */
function stopOnSignals(supervisor, dataDir) {
  let stoppingSince = 0;
  /** @param {number} exitCode */
  const stop = async (exitCode) => {
    if (stoppingSince) return;
    stoppingSince = performance.now();
    await supervisor.stop();
    unclaim(dataDir);
    if (exitCode === 0) console.log(`Stopped (${secondsSince(stoppingSince)}).`);
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!stoppingSince) console.log('\nStopping …');
      // One Ctrl-C arrives twice: from the terminal, and passed on by npm.
      else if (performance.now() - stoppingSince > SAME_KEYSTROKE_MS) supervisor.kill();
      void stop(0);
    });
  }
  return stop;
}

const SAME_KEYSTROKE_MS = 500;

/** Node says so after each restart; the box has said it once. */
const DEBUGGER = /^(Debugger listening on|Debugger attached|For help, see: .*inspector)/;
