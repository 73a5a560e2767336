import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { SupervisedProcess } from './supervised-process.mjs';
import { commandLine } from './system.mjs';

/** For how long further failures are waited for after the first. */
const GATHER_MS = 2_000;

/**
 * @typedef {object} ProcessState as it stands in the state file
 * @property {string} name
 * @property {number} replica
 * @property {string} label
 * @property {number | undefined} pid
 * @property {import('./supervised-process.mjs').Status} status
 * @property {number} restarts
 * @property {string} since ISO time of its last start
 * @property {number | undefined} port
 * @property {number | undefined} metricsPort
 * @property {string} args to know it again: they name this folder. (The program may be a script that became another.)
 * @property {number} stopOrder
 */

/**
 * Keeps a set of processes running. What it knows stands in the state file, whole at every moment: `npm run status`
 * and the tests read it, and the next start finds in it what a killed launcher left behind.
 */
export class Supervisor {
  /** @type {SupervisedProcess[]} */ processes = [];
  /** What else the state file says. @type {{ url?: string }} */
  about = {};
  #stopping = false;

  /**
   * @param {{ stateFile?: string, logDir?: string, backoffMs?: number[], onLine: (label: string, line: string) => void, onEvent: (text: string) => void }} options
   */
  constructor(options) {
    this.options = options;
    if (options.logDir) mkdirSync(options.logDir, { recursive: true });
    if (options.stateFile) mkdirSync(dirname(options.stateFile), { recursive: true });
  }

  /**
   * @param {import('./supervised-process.mjs').ProcessSpec[]} specs
   * @returns {Promise<void>} once all are ready
   * @throws {Failure} of the first that gives up, and of those that do so right after: settings are put right at once
   */
  async start(specs) {
    const { logDir, backoffMs, onLine, onEvent } = this.options;
    const added = specs.map((spec) => {
      const alone = specs.filter(({ name }) => name === spec.name).length === 1;
      return new SupervisedProcess(spec, { logDir, alone, backoffMs, onLine, onEvent, onChange: () => this.#write() });
    });
    this.processes.push(...added);
    /** @type {Failure[]} */
    const failures = [];
    const starts = added.map((one) => one.start());
    for (const start of starts) start.catch((failure) => failures.push(failure));
    try {
      await Promise.all(starts);
    } catch {
      await Promise.race([Promise.allSettled(starts), delay(GATHER_MS)]);
      const tail = failures.flatMap((failure) => failure.tail);
      throw new Failure(failures.map(({ line }) => line).join('\n✖ '), undefined, tail);
    }
  }

  /** Ends all, those of one stop order together, one order after the other. */
  async stop() {
    if (this.#stopping) return;
    this.#stopping = true;
    const orders = [...new Set(this.processes.map(({ spec }) => spec.stopOrder))].sort((a, b) => a - b);
    for (const order of orders) {
      await Promise.all(this.processes.filter(({ spec }) => spec.stopOrder === order).map((one) => one.stop()));
    }
  }

  /** For those who do not want to wait: kills all at once. */
  kill() {
    for (const one of this.processes) void one.stop(0);
  }

  /** @param {(name: string) => boolean} chosen */
  restart(chosen) {
    for (const one of this.processes) if (chosen(one.spec.name)) one.restart();
  }

  /** @returns {ProcessState[]} */
  get states() {
    return this.processes.map(({ spec, label, child, status, restarts, startedAt }) => ({
      name: spec.name,
      replica: spec.replica,
      label,
      pid: child?.pid,
      status,
      restarts,
      since: new Date(startedAt).toISOString(),
      port: spec.port,
      metricsPort: spec.metricsPort,
      args: spec.args.join(' '),
      stopOrder: spec.stopOrder,
    }));
  }

  #write() {
    const { stateFile } = this.options;
    if (!stateFile) return;
    const launcher = { pid: process.pid, command: commandLine(process.pid) };
    const text = JSON.stringify({ launcher, ...this.about, processes: this.states }, undefined, 2);
    const temporary = `${stateFile}.${process.pid}`;
    writeFileSync(temporary, text);
    renameSync(temporary, stateFile);
  }
}
