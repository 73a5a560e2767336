import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';
import { signal, until } from './system.mjs';

/**
 * @typedef {object} ProcessSpec
 * @property {string} name
 * @property {number} replica from 1
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {number} [port]
 * @property {number} [metricsPort] where it shows its metrics, on this machine alone
 * @property {number} stopOrder lower stops earlier
 * @property {'message' | (() => Promise<boolean>)} ready it says so itself (`process.send('ready')`), or how to see it
 * @property {boolean} [quiet] what it prints goes to its log file only
 * @property {NodeJS.Signals} [stopSignal]
 */

/** @typedef {'starting' | 'up' | 'restarting' | 'stopped' | 'failed'} Status */

/** EX_CONFIG of sysexits.h: its settings are wrong, starting it again does not help. */
export const EXIT_CONFIG = 78;
/** The pauses before a fallen process starts again, longer with each fall. */
const BACKOFF_MS = [200, 500, 1_000, 2_000, 5_000, 10_000];
/** A process that ran for so long has recovered: the next fall begins at the shortest back-off again. */
const RECOVERED_MS = 30_000;
/** How often it may fall before it was ever ready; later there is no limit. */
const START_ATTEMPTS = 3;
/** The processes give themselves 10 s. */
const STOP_GRACE_MS = 12_000;

/** One process that is kept running. */
export class SupervisedProcess {
  /** @type {Status} */ status = 'stopped';
  /** @type {import('node:child_process').ChildProcess | undefined} */ child;
  restarts = 0;
  startedAt = 0;
  /** @type {string[]} */ tail = [];
  #falls = 0;
  #wasReady = false;
  #restartAsked = false;
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #log;

  /**
   * @param {ProcessSpec} spec
   * @param {{ logDir?: string, alone: boolean, backoffMs?: number[], onLine: (label: string, line: string) => void, onEvent: (text: string) => void, onChange: () => void }} surroundings
   */
  constructor(spec, surroundings) {
    this.spec = spec;
    this.surroundings = surroundings;
    this.label = surroundings.alone ? spec.name : `${spec.name}-${spec.replica}`;
    this.logFile = surroundings.logDir && join(surroundings.logDir, `${this.label}.log`);
    this.#log = this.logFile ? createWriteStream(this.logFile, { flags: 'a' }) : undefined;
  }

  /**
   * @returns {Promise<void>} once it is ready
   * @throws {Failure} when it falls again and again before that
   */
  start() {
    return new Promise((resolve, reject) => {
      this.onReady = resolve;
      this.onGiveUp = reject;
      this.#spawn();
    });
  }

  /** In a process group of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops all in order. */
  #spawn() {
    const { command, args, env, ready } = this.spec;
    this.startedAt = Date.now();
    this.#restartAsked = false;
    this.tail = [];
    const child = spawn(command, args, {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(ready === 'message' ? [/** @type {const} */ ('ipc')] : [])],
    });
    this.child = child;
    this.#move('starting');
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.#hear(line));
    }
    child.once('error', (error) => this.#hear(error.message));
    // Its own children (Nginx' workers) would go on holding the port, and its output open.
    child.once('exit', () => child.pid && signal(-child.pid, 'SIGKILL'));
    child.once('close', (code, endedBy) => this.#ended(code, endedBy));
    if (ready === 'message') child.on('message', (message) => message === 'ready' && this.#isReady(child));
    else
      void until(async () => this.child !== child || (await ready()), 60_000).then((is) => is && this.#isReady(child));
  }

  /** @param {string} line */
  #hear(line) {
    this.tail = [...this.tail.slice(-29), line];
    if (!this.#log?.writableEnded) this.#log?.write(`${line}\n`);
    if (!this.spec.quiet) this.surroundings.onLine(this.label, line);
  }

  /** @param {import('node:child_process').ChildProcess} child */
  #isReady(child) {
    if (this.child !== child || this.status !== 'starting') return;
    if (this.#wasReady) this.surroundings.onEvent(`${this.label} is back`);
    this.#wasReady = true;
    this.#move('up');
    this.onReady?.();
  }

  /** @param {number | null} code @param {NodeJS.Signals | null} endedBy */
  #ended(code, endedBy) {
    this.child = undefined;
    if (this.status === 'stopped') return;
    if (this.#restartAsked) return this.#spawn();
    const how = endedBy ?? `exit code ${code}`;
    if (Date.now() - this.startedAt > RECOVERED_MS) this.#falls = 0;
    const hopeless = code === EXIT_CONFIG || (!this.#wasReady && this.#falls + 1 >= START_ATTEMPTS);
    if (hopeless) return this.#giveUp(code === EXIT_CONFIG, how);

    const { backoffMs = BACKOFF_MS } = this.surroundings;
    const delay = backoffMs[Math.min(this.#falls++, backoffMs.length - 1)] ?? 0;
    this.restarts++;
    this.#move('restarting');
    this.surroundings.onEvent(`${this.label} ended (${how}); starting it again in ${delay / 1_000} s`);
    this.#timer = setTimeout(() => this.#spawn(), delay);
  }

  /** @param {boolean} badSettings @param {string} how */
  #giveUp(badSettings, how) {
    this.#move('failed');
    const failure = badSettings
      ? refusal(this.label, this.tail)
      : new Failure(`${this.label} does not start (${how}).`, this.logFile && `see ${this.logFile}`, this.tail);
    if (this.#wasReady) this.surroundings.onEvent(failure.line);
    this.onGiveUp?.(failure);
  }

  /** Ends it and starts it again, as after a new build. */
  restart() {
    this.#falls = 0;
    clearTimeout(this.#timer);
    if (!this.child) return this.#spawn();
    this.#restartAsked = true;
    this.child.kill(this.spec.stopSignal ?? 'SIGTERM');
  }

  /** @returns {Promise<void>} once it and all its own processes are gone */
  async stop(graceMs = STOP_GRACE_MS) {
    clearTimeout(this.#timer);
    const child = this.child;
    this.#move('stopped');
    if (child?.pid) {
      const { pid } = child;
      signal(pid, this.spec.stopSignal ?? 'SIGTERM');
      const inTime = await until(() => this.child === undefined, graceMs, 20);
      if (!inTime) {
        this.surroundings.onEvent(`${this.label} did not stop within ${graceMs / 1_000} s and was killed`);
        signal(-pid, 'SIGKILL');
        await until(() => this.child === undefined, 5_000, 20);
      }
    }
    this.#log?.end();
  }

  /** @param {Status} status */
  #move(status) {
    this.status = status;
    this.surroundings.onChange();
  }
}

/**
 * The reasons that a process gave for refusing its settings, which it lists one a line (`  - JWT_SECRET must be set`),
 * in production within JSON.
 *
 * @param {string} label
 * @param {string[]} tail
 */
function refusal(label, tail) {
  const lines = tail.join('\n').replaceAll('\\n', '\n');
  const reasons = new Set([...lines.matchAll(/^ {2}- (.+?)(?:["\]].*)?$/gm)].map(([, reason = '']) => reason.trim()));
  if (reasons.size === 0) return new Failure(`${label} refuses its settings.`, 'see .env.example', tail);
  return new Failure(`${label} refuses its settings: ${[...reasons].join('; ')}.`, 'see .env.example');
}
