import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../redis-link';
import { textOf, type Entry, type Reply } from './wire';

const BLOCK_MS = 5_000;
const KEEP_MS = 60_000;
const REFRESH_MS = 1_000;

/**
 * Reads the answers to this process from a stream of its own. A stream and not publish/subscribe: what is answered
 * while the connection is cut is read when it is back.
 */
export class ReplyReader {
  private started?: Promise<void>;
  private reader?: Redis;
  private refresher?: NodeJS.Timeout;
  private last = '0-0';
  private stopped = false;

  constructor(
    private readonly link: RedisLink,
    private readonly key: string,
    private readonly receive: (reply: Reply) => void,
  ) {}

  /** Resolves when the stream exists: answers are written only to streams that do, lest they pile up for the dead. */
  start(): Promise<void> {
    return (this.started ??= this.create().then(
      () => this.begin(),
      (error: unknown) => {
        this.started = undefined;
        throw error;
      },
    ));
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.refresher);
    this.reader?.disconnect();
    if (this.started) void this.link.redis.del(this.key).catch(() => undefined);
  }

  private begin(): void {
    this.reader = this.link.connection({ maxRetriesPerRequest: 0 });
    this.refresher = setInterval(() => void this.refresh(), REFRESH_MS);
    this.link.redis.on('ready', () => void this.refresh());
    void this.read();
  }

  private async create(): Promise<void> {
    await this.link.redis.multi().xadd(this.key, '*', 'm', '[]').pexpire(this.key, KEEP_MS).exec();
  }

  /** Keeps the stream alive, drops what was read (it may hold tokens), and makes it again if Redis was emptied. */
  private async refresh(): Promise<void> {
    if (this.stopped || this.link.away) return;
    try {
      const results = await this.link.redis
        .pipeline()
        .pexpire(this.key, KEEP_MS)
        .xtrim(this.key, 'MINID', this.last)
        .exec();
      if (results?.[0]?.[1] === 0) {
        this.last = '0-0';
        await this.create();
      }
    } catch {
      // Redis is away; the next turn tries again.
    }
  }

  private async read(): Promise<void> {
    while (!this.stopped) {
      try {
        const streams = await this.reader!.xread('COUNT', 1_000, 'BLOCK', BLOCK_MS, 'STREAMS', this.key, this.last);
        for (const entry of (streams?.[0]?.[1] ?? []) as Entry[]) {
          this.last = entry[0];
          for (const reply of JSON.parse(textOf(entry)) as Reply[]) this.receive(reply);
        }
      } catch {
        await pause(50);
      }
    }
  }
}
