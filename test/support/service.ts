import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A service as it runs in production: a process of its own, from its `main.ts`. */
export class Service {
  private constructor(
    /** Its `main.ts`. */
    readonly entry: string,
    readonly process: ChildProcess,
    /** What it has said so far. */
    private readonly lines: string[],
  ) {}

  /** @throws Error with what the process said, if it ends before it is ready. */
  static async start(entry: string, environment: NodeJS.ProcessEnv): Promise<Service> {
    const child = fork(join(root, entry), {
      execArgv: ['--require', join(root, 'test/support/typescript.js')],
      env: { ...process.env, NODE_ENV: 'test', LOG_DIR: 'none', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (data: Buffer) => lines.push(...data.toString().trimEnd().split('\n')));
    }
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${entry} ended with ${code} before it was ready:\n${lines.slice(-20).join('\n')}`);
      }),
    ]);
    return new Service(entry, child, lines);
  }

  get log(): string {
    return this.lines.join('\n');
  }

  get runs(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** @returns the exit code. */
  async stop(): Promise<number | null> {
    if (!this.runs) return this.process.exitCode;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return ((await ended) as [number | null])[0];
  }
}
