/** Stores, and the whole suite where it is wanted, for a run that is no shop: on its own ports, with its own fresh data. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { embeddedStores } from './environment.mjs';
import { waitUntilHealthy } from './health.mjs';
import { claim, stateFileOf, stopLeftovers, unclaim } from './instance.mjs';
import { provisionNginx } from './provision-nginx.mjs';
import { startMongodb, startProcesses, startRedis } from './suite.mjs';
import { Supervisor } from './supervisor.mjs';
import { testSettings } from './test-settings.mjs';

export class OwnSuite {
  /** What a program that is to find it has to be told. @type {Record<string, string | undefined>} */
  environment = {};

  /**
   * @param {import('./settings.mjs').Settings} settings
   * @param {Supervisor} supervisor
   */
  constructor(settings, supervisor) {
    this.settings = settings;
    this.supervisor = supervisor;
    Object.assign(this.environment, embeddedStores(settings));
  }

  /**
   * Claims the folder, and ends with the process. What ran there before is stopped and forgotten.
   * @param {'bench' | 'prove' | 'fuzz'} kind the folder of its data within `.data`
   * @param {{ what: string, onEvent: (text: string) => void, backoffMs?: number[] }} options `what` it is, for whoever
   *   finds the folder taken
   */
  static async claim(kind, { what, onEvent, backoffMs }) {
    const settings = await testSettings(kind);
    const { dataDir, logDir } = settings;
    mkdirSync(dataDir, { recursive: true });
    claim(dataDir, what);
    const watching = { stateFile: stateFileOf(dataDir), logDir, backoffMs, onLine: () => {}, onEvent };
    const own = new OwnSuite(settings, new Supervisor(watching));
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => void own.end().then(() => process.exit(130)));
    await stopLeftovers(dataDir);
    for (const folder of ['mongodb', 'redis']) rmSync(join(dataDir, folder), { recursive: true, force: true });
    return own;
  }

  /** @returns {Promise<string>} which it is, for the reader */
  startMongodb() {
    return startMongodb(this.supervisor, this.settings);
  }

  /** @returns {Promise<string>} which it is, for the reader */
  startRedis() {
    return startRedis(this.supervisor, this.settings);
  }

  /** Behind Nginx, once both stores are there. @param {NodeJS.ProcessEnv} [given] what is set for every process */
  async startSuite(given = {}) {
    const { settings, supervisor, environment } = this;
    const nginx = await provisionNginx(settings);
    await ensureBuilt();
    const started = await startProcesses(supervisor, settings, nginx, { given: { ...process.env, ...given } });
    environment.BASE_URL = `http://127.0.0.1:${settings.ports.NGINX_PORT}`;
    environment.SANDBOX_URL = `http://127.0.0.1:${settings.ports.SANDBOX_PORT}`;
    environment.SUITE_STATE = stateFileOf(settings.dataDir);
    await waitUntilHealthy(environment.BASE_URL);
    return started;
  }

  async end() {
    await this.supervisor.stop();
    unclaim(this.settings.dataDir);
  }
}
