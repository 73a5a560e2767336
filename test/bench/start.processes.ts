import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuMsOf } from './place.usage';

const root = join(__dirname, '../..');
const PATIENCE_MS = 60_000;

/** What is started: what is built of the suite, or a baseline. */
export interface Kind {
  name: string;
  /** From the project's root. */
  entry: string;
}

const built = (name: string, entry = `apps/${name}/src/main`): Kind => ({ name, entry: `dist/${entry}.js` });

/** As `npm start` runs them, one of each. */
export const suite: Kind[] = [
  built('gateway'),
  built('auth'),
  built('stock'),
  built('orders'),
  built('processor', 'apps/orders/src/processor.main'),
  built('payments'),
  built('notifications'),
  built('chatbot'),
  built('sandbox'),
];
export const plain: Kind = { name: 'plain Node, both drivers', entry: 'test/bench/start.plain.js' };
export const nest: Kind = { name: 'a bare Nest microservice', entry: 'test/bench/start.nest.js' };

/** One start, until the process has said that it is ready. */
export class Started {
  private constructor(
    private readonly child: ChildProcess,
    /** From exec to ready, in ms. */
    readonly ms: number,
    /** What it cost until then: user and system. */
    readonly cpuMs: number,
  ) {}

  /** @throws Error with its last words, if it ends before it is ready, or takes too long */
  static async process({ name, entry }: Kind, environment: NodeJS.ProcessEnv): Promise<Started> {
    const begun = performance.now();
    const child = spawn(process.execPath, [join(root, entry)], {
      // Where it is not production the sandbox is part of it, as when it is tried.
      env: { ...process.env, NODE_ENV: 'test', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (said += String(text)));
    const failed = (why: string) => new Error(`${name} ${why} before it was ready:\n${said.slice(-2_000)}`);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(failed('ended'))),
      once(child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => Promise.reject(failed('hung'))),
    ]);
    return new Started(child, performance.now() - begun, cpuMsOf(child.pid!));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
