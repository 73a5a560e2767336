import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';
import type { SuiteProcess } from './processes';

export const root = join(__dirname, '../..');
const NODE = process.env.npm_node_execpath ?? process.execPath;

/** A folder and ports for one more suite on this machine. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'order-suite-'));
  private constructor(readonly ports: Record<string, string>) {}

  static async find(): Promise<Place> {
    const names = ['NGINX_PORT', 'PORT', 'SANDBOX_PORT', 'SANDBOX_SMTP_PORT'];
    const ports: Record<string, string> = {};
    for (const name of [...names, 'EMBEDDED_MONGODB_PORT', 'EMBEDDED_REDIS_PORT'])
      ports[name] = String(await freePort());
    return new Place(ports);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.NGINX_PORT}`;
  }

  get environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, NODE_BIN, MONGOD_BIN, REDIS_SERVER_BIN, NGINX_BIN, SUITE_CACHE_DIR, XDG_CACHE_HOME } =
      process.env;
    const machine = { PATH, HOME, NODE_BIN, MONGOD_BIN, REDIS_SERVER_BIN, NGINX_BIN, SUITE_CACHE_DIR, XDG_CACHE_HOME };
    const own = { SUITE_DATA_DIR: join(this.folder, 'data'), LOG_DIR: join(this.folder, 'logs') };
    return { ...machine, NODE_ENV: 'test', ...own, ...this.ports };
  }

  get processes(): SuiteProcess[] {
    const state = readFileSync(join(this.folder, 'data/run/state.json'), 'utf8');
    return (JSON.parse(state) as { processes: SuiteProcess[] }).processes;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A script of the project, run as a person would: on the Node that they run npm on, whichever the tests are run on. */
export class Script {
  output = '';
  readonly process: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;

  constructor(file: string, environment: NodeJS.ProcessEnv, args: string[] = [], { cwd = root, node = NODE } = {}) {
    this.process = spawn(node, [file, ...args], { cwd, env: environment });
    for (const stream of [this.process.stdout!, this.process.stderr!])
      stream.on('data', (data: Buffer) => (this.output += data.toString()));
    this.ended = once(this.process, 'close').then(([code]) => code as number | null);
  }

  /** Waits until it has said so. @throws Error with what it did say, at once when it ends without. */
  async says(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    const silence = new Error(`${String(pattern)} was not said`);
    let over = false;
    void this.ended.then(() => (over = true));
    await eventually(
      () => {
        if (!pattern.test(this.output) && !over) throw silence;
      },
      { timeoutMs },
    );
    if (!pattern.test(this.output)) throw new Error(`${silence.message}, but:\n${this.output}`);
  }
}

/** Is there such a process? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
