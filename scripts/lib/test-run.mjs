/** `npm test`, once the packages are there. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBuilt } from './build.mjs';
import { Chaos } from './chaos.mjs';
import { embeddedStores } from './environment.mjs';
import { messageOf, report } from './failure.mjs';
import { waitUntilHealthy } from './health.mjs';
import { claim, stateFileOf, stopLeftovers, unclaim } from './instance.mjs';
import { failed, projects, runJest } from './jest.mjs';
import { booksOf } from './oracle/books.mjs';
import { withPicture } from './oracle/database.mjs';
import { sentenceOf } from './oracle/findings.mjs';
import { recount } from './oracle/recount.mjs';
import { provisionChromium } from './provision-chromium.mjs';
import { provisionMongodb } from './provision-mongodb.mjs';
import { provisionNginx } from './provision-nginx.mjs';
import { provisionNode } from './provision-node.mjs';
import { provisionRedis } from './provision-redis.mjs';
import { seed } from './seeding.mjs';
import { root } from './settings.mjs';
import { runSteps, secondsSince } from './steps.mjs';
import { startMongodb, startProcesses, startRedis } from './suite.mjs';
import { Supervisor } from './supervisor.mjs';
import { scriptedModel, testSettings } from './test-settings.mjs';

/** @typedef {import('./jest.mjs').Project} Project */
/** @typedef {import('./settings.mjs').Settings} Settings */

/** Those that need stores, and those that need the whole suite, which they may kill. */
const WITH_STORES = ['integration', 'e2e', 'chaos'];
const WITH_SUITE = ['e2e', 'chaos'];
const OWN_ARGS = ['--short'];
/** So long what the last stories began may take to its end, looked at so often, in ms. */
const SETTLING_TRIES = 20;
const SETTLING_MS = 1_000;

/**
 * @param {string[]} args names of projects (all, unless given, and chaos in its short form), `--short` for that form where chaos is
 *   named, and whatever Jest takes: patterns, -t, --coverage, --watch
 * @returns {Promise<number>} exit code
 */
export async function testRun(args) {
  const named = projects.filter((project) => args.includes(project));
  const rest = args.filter((arg) => !projects.some((project) => project === arg) && !OWN_ARGS.includes(arg));
  const watch = rest.some((arg) => arg.startsWith('--watch'));
  const chosen = named.length > 0 ? named : watch ? projects.slice(0, 2) : projects;
  const inProcess = chosen.filter((project) => !WITH_SUITE.includes(project));
  const run = new TestRun(await testSettings(), rest);
  process.once('SIGINT', () => run.interrupted()).once('SIGTERM', () => run.interrupted());
  try {
    if (chosen.some((project) => WITH_STORES.includes(project) && project !== 'chaos')) await run.prepare();
    if (inProcess.length > 0) await run.jest(inProcess, { interactive: watch && inProcess.length === chosen.length });
    if (chosen.includes('e2e')) await run.stories(watch);
    if (chosen.includes('chaos')) await run.chaos({ long: named.includes('chaos') && !args.includes('--short') });
  } catch (error) {
    report(error);
    run.fail(chosen.at(-1) ?? 'unit', messageOf(error));
  } finally {
    await run.end();
  }
  return run.summary();
}

class TestRun {
  /** @type {Map<Project, import('./jest.mjs').Count>} */ counts = new Map();
  /** @type {string[]} */ failures = [];
  /** @type {NodeJS.ProcessEnv} */ environment = { ...process.env };
  /** @type {import('./provision.mjs').Binary | undefined} */ nginx;
  /** @type {Supervisor | undefined} */ supervisor;
  /** What is to be read at the end. */
  epilogue = '';

  /** @param {Settings} settings @param {string[]} args for Jest */
  constructor(settings, args) {
    this.settings = settings;
    this.args = args;
    mkdirSync(settings.dataDir, { recursive: true });
  }

  /**
   * Fresh data, stores, and the build.
   * @param {Partial<ConstructorParameters<typeof Supervisor>[0]>} [watching]
   */
  async prepare(watching) {
    const { settings } = this;
    const { dataDir, logDir, ports } = settings;
    claim(dataDir, 'A test run');
    await stopLeftovers(dataDir);
    for (const folder of ['mongodb', 'redis', 'logs']) rmSync(join(dataDir, folder), { recursive: true, force: true });
    const supervisor = new Supervisor({
      stateFile: stateFileOf(dataDir),
      logDir,
      onLine: () => {},
      onEvent: () => {}, // the stories kill processes on purpose; the logs have it
      ...watching,
    });
    this.supervisor = supervisor;
    await runSteps(
      [
        { title: 'MongoDB', run: () => startMongodb(supervisor, settings) },
        { title: 'Redis', run: () => startRedis(supervisor, settings) },
        { title: 'Nginx', run: async () => (this.nginx = await provisionNginx(settings)).version },
        { title: 'Node for the services', run: async () => (await provisionNode(settings)).version },
        { title: 'Build', run: async () => ((await ensureBuilt()) ? 'sources compiled' : 'up to date') },
      ],
      { concurrent: true },
    );
    Object.assign(this.environment, embeddedStores(settings), {
      NODE_BIN: (await provisionNode(settings)).path,
      // As npm says it: what the tests start as a person would is started on the Node that the packages are there for.
      npm_node_execpath: process.execPath,
      NODE_COMPILE_CACHE: join(settings.cacheDir, 'compiled'),
      MONGOD_BIN: runnable(await provisionMongodb(settings), 'mongod', dataDir),
      REDIS_SERVER_BIN: runnable(await provisionRedis(settings), 'redis-server', dataDir),
      NGINX_BIN: this.nginx && runnable(this.nginx, 'nginx', dataDir),
      BASE_URL: `http://127.0.0.1:${ports.NGINX_PORT}`,
      GATEWAY_URL: `http://127.0.0.1:${ports.PORT}`,
      SANDBOX_URL: `http://127.0.0.1:${ports.SANDBOX_PORT}`,
      SUITE_STATE: stateFileOf(dataDir),
      SUITE_LOG_DIR: logDir,
    });
  }

  /** The whole suite behind Nginx, and the stories told to it one after the other: some of them kill processes. */
  async stories(/** @type {boolean} */ interactive) {
    // The stories follow a request through all processes, and what fails should be explained by the logs. And one waits
    // for its mail right after another has made a thousand, and one until its order has waited long enough to be paid.
    await runSteps([{ title: 'Chromium', run: () => this.#browser() }]);
    const logging = { LOG_LEVEL: process.env.LOG_LEVEL || 'debug' };
    const waits = { MAILS_PER_SECOND: '1000', PAYMENT_TTL: '30s' };
    await this.#open({ ...logging, ...waits, ...scriptedModel(this.settings) });
    const before = this.failures.length;
    await this.jest(['e2e'], { interactive, args: ['--runInBand'] });
    await this.#recount();
    if (this.failures.length > before) this.#showErrors();
  }

  /** Everything that can go wrong, on a suite of its own. @param {{ long: boolean }} form */
  async chaos(form) {
    await this.end();
    const chaos = new Chaos(this.settings.dataDir, form);
    await this.prepare(chaos.begin());
    await this.#open(chaos.suiteEnvironment);
    Object.assign(this.environment, chaos.testEnvironment);
    console.log(chaos.announcement);
    const before = this.failures.length;
    await this.jest(['chaos'], { args: ['--runInBand'] });
    if (this.failures.length > before) this.#showErrors();
    this.epilogue = chaos.summary;
  }

  /** @param {NodeJS.ProcessEnv} given what is set for every process */
  async #open(given) {
    const { supervisor, settings, nginx, environment } = this;
    const { BASE_URL = '' } = environment;
    if (!supervisor) return;
    await runSteps([
      {
        title: 'Processes',
        run: () => startProcesses(supervisor, settings, nginx, { given: { ...process.env, ...given } }),
      },
      { title: 'Healthy through Nginx', run: () => waitUntilHealthy(BASE_URL) },
      { title: 'Demo data', run: () => seed(BASE_URL) },
    ]);
  }

  /** Whatever the stories did, everything has to add up, also with the providers' books, once they have got over it. */
  async #recount() {
    const { MONGODB_URI = '', SANDBOX_URL = '' } = this.environment;
    const judge = async () => {
      const books = await booksOf(SANDBOX_URL);
      return (await withPicture(MONGODB_URI, (picture) => recount(picture, { books }))).violations;
    };
    let violations = await judge();
    for (let tries = 0; violations.length > 0 && tries < SETTLING_TRIES; tries++) {
      await pause(SETTLING_MS);
      violations = await judge();
    }
    for (const violation of violations) this.fail('e2e', `The oracle, after all stories: ${sentenceOf(violation)}`);
  }

  /** @param {Project[]} select @param {{ interactive?: boolean, args?: string[] }} [options] */
  async jest(select, { interactive = false, args = [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`] } = {}) {
    const result = await runJest({
      select,
      args: [
        ...args,
        ...this.args,
        ...(select.some((project) => WITH_SUITE.includes(project)) ? ['--coverage=false'] : []),
      ],
      env: { ...this.environment, NODE_ENV: 'test' },
      resultFile: join(this.settings.dataDir, 'results.json'),
      interactive,
    });
    for (const [project, count] of result.counts) this.counts.set(project, count);
    this.failures.push(...result.failures);
  }

  /** @param {Project} project @param {string} why */
  fail(project, why) {
    const sum = this.counts.get(project) ?? failed(0);
    this.counts.set(project, { ...sum, failed: sum.failed + 1 });
    this.failures.push(why);
  }

  /** Some stories are told by clicking. Where there is no browser to be had they are left out, but never in CI. */
  async #browser() {
    try {
      const { path, version, source } = await provisionChromium(this.settings);
      this.environment.CHROMIUM_BIN = path;
      return `${version} (${source})`;
    } catch (error) {
      if (process.env.CI) throw error;
      return `left out: ${messageOf(error)}`;
    }
  }

  /** What the processes had to say, for machines whose files nobody will look at. */
  #showErrors() {
    const file = join(this.settings.logDir, 'error.log');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-20) : [];
    for (const line of lines) console.log(`  | ${line.slice(0, 500)}`);
    console.log(`The logs are in ${relative(root, this.settings.logDir)}/.`);
  }

  async end() {
    if (!this.supervisor) return;
    await this.supervisor.stop();
    this.supervisor = undefined;
    unclaim(this.settings.dataDir);
  }

  async interrupted() {
    await this.end();
    process.exit(130);
  }

  /** @returns {number} exit code */
  summary() {
    const rows = [...this.counts].map(([project, { passed, failed, skipped, ms }]) =>
      [project.padEnd(14), `${passed} passed`.padStart(12), `${failed} failed`.padStart(10)]
        .concat(skipped ? `${skipped} skipped`.padStart(12) : [], `${(ms / 1_000).toFixed(1)} s`.padStart(10))
        .join(''),
    );
    const sum = (/** @type {'passed' | 'failed'} */ what) =>
      [...this.counts.values()].reduce((total, count) => total + count[what], 0);
    if (sum('passed') + sum('failed') === 0) this.fail('unit', 'no test was run');
    if (this.epilogue) console.log(this.epilogue);
    console.log(['', ...rows, ...this.failures.map((name) => `✖ ${name}`), ''].join('\n'));
    console.log(`Took ${secondsSince(0)}.`);
    console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') > 0 ? 1 : 0;
  }
}

/**
 * A path that can simply be run, for tests that start a server of their own: a program that needs something in its
 * environment is put behind a script.
 *
 * @param {import('./provision.mjs').Binary} binary
 * @param {string} name
 * @param {string} dataDir
 */
function runnable({ path, env }, name, dataDir) {
  const variables = Object.entries(env).map(([key, value]) => `${key}='${value}'`);
  if (variables.length === 0) return path;
  const script = join(dataDir, 'bin', name);
  mkdirSync(join(dataDir, 'bin'), { recursive: true });
  writeFileSync(script, `#!/bin/sh\n${variables.join(' ')} exec '${path}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
