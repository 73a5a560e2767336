import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../redis-link';
import { REPLIES_KEPT_MS, textOf, type Entry, type Reply } from './wire';

const BLOCK_MS = 5_000;
const REFRESH_MS = 1_000;

/**
 * Reads the answers to this process from a stream of its own. A stream and not publish/subscribe: what is answered
 * while the connection is cut is read when it is back. Who answers makes the stream; this process keeps it alive.
 */
export class ReplyReader {
  private reader?: Redis;
  private refresher?: NodeJS.Timeout;
  private last = '0-0';
  private stopped = false;

  constructor(
    private readonly link: RedisLink,
    private readonly key: string,
    private readonly receive: (reply: Reply) => void,
  ) {}

  /** With the first request: a process that never asks needs no second connection. */
  start(): void {
    if (this.reader) return;
    this.reader = this.link.connection({ maxRetriesPerRequest: 0 });
    this.refresher = setInterval(() => void this.refresh(), REFRESH_MS);
    void this.read(this.reader);
  }

  stop(): void {
    if (!this.reader || this.stopped) return;
    this.stopped = true;
    clearInterval(this.refresher);
    this.reader.disconnect();
    void this.link.redis.del(this.key).catch(() => undefined);
  }

  /** Keeps the stream alive, and drops what was read from it: it may hold tokens. */
  private async refresh(): Promise<void> {
    if (this.link.away) return;
    try {
      const { redis } = this.link;
      const [kept] = await Promise.all([
        redis.pexpire(this.key, REPLIES_KEPT_MS),
        redis.xtrim(this.key, 'MINID', this.last),
      ]);
      // There is none, because nobody has answered yet or because Redis was emptied: the next one begins anew.
      if (kept === 0) this.last = '0-0';
    } catch {
      // Redis is away; the next turn tries again.
    }
  }

  private async read(reader: Redis): Promise<void> {
    while (!this.stopped) {
      try {
        const streams = await reader.xread('COUNT', 1_000, 'BLOCK', BLOCK_MS, 'STREAMS', this.key, this.last);
        for (const entry of (streams?.[0]?.[1] ?? []) as Entry[]) {
          this.last = entry[0];
          for (const reply of JSON.parse(textOf(entry)) as Reply[]) this.receive(reply);
        }
      } catch {
        // Cut; what was answered meanwhile is in the stream.
        await pause(50);
      }
    }
  }
}
