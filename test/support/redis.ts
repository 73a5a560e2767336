import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A Redis of the test's own, to be killed and started again; it keeps its data as in production. */
export class OwnRedis {
  private readonly directory = mkdtempSync(join(tmpdir(), 'redis-'));
  private process?: ChildProcess;

  private constructor(readonly port: number) {}

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  async start(...more: string[]): Promise<void> {
    const args = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.directory,
      '--appendonly',
      'yes',
      '--save',
      '',
    ];
    this.process = spawn(process.env.REDIS_SERVER_BIN ?? 'redis-server', [...args, ...more], { stdio: 'ignore' });
    await once(this.process, 'spawn');
    const client = new Redis(this.port, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await eventually(async () => {
      if (client.status !== 'ready') await client.connect();
      await client.ping();
    });
    client.disconnect();
  }

  /** It hears everything and answers nothing. Only `kill` ends that. */
  freeze(): void {
    this.process!.kill('SIGSTOP');
  }

  async kill(): Promise<void> {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true });
  }
}
