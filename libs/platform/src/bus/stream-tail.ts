import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../redis-link';
import { textOf, type Entry } from './wire';

const BLOCK_MS = 5_000;
const COUNT = 1_000;
const RETRY_MS = 50;
/** By then, in ms, what was said just before Redis was emptied is also written down. */
const WRITTEN_MS = 4_000;

export interface TailListener {
  heard(text: string): void;
  /**
   * The connection was lost and is back: what was said meanwhile is heard now, unless it was trimmed. Or Redis was emptied,
   * and what was said just before may never be heard; then it comes twice, as that may not be written down yet.
   */
  gap?(): void;
}

/** Reads a stream to which no group is attached, on a connection of its own: whoever does hears all of it. */
export class StreamTail {
  private readonly redis: Redis;
  private readonly stopping = new AbortController();
  private canary?: string | null;

  constructor(
    link: RedisLink,
    private readonly key: string,
    private readonly listener: TailListener,
    /** Id of the entry that was read last. Absent: begin with what is said from now on. */
    public after?: string,
  ) {
    // A read that was cut off fails, and is made again from where the last one ended.
    this.redis = link.connection({ maxRetriesPerRequest: 0 });
  }

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  start(): void {
    void this.read();
  }

  stop(): void {
    this.stopping.abort();
    this.redis.disconnect();
  }

  private async read(): Promise<void> {
    let failed = false;
    while (!this.stopped) {
      try {
        if (failed || this.after === undefined) {
          // That it is back is known only when it has answered, and the read below may wait for long.
          const last = await this.last();
          this.after ??= last;
          if (failed) this.listener.gap?.();
          failed = false;
        }
        // Answered together, in this order. What was missed came before what is heard now.
        const [entries, emptied] = await Promise.all([this.entriesAfter(this.after), this.wasEmptied()]);
        if (emptied) this.gapTwice();
        for (const entry of entries) {
          [this.after] = entry;
          this.listener.heard(textOf(entry));
        }
      } catch {
        failed = true;
        await pause(RETRY_MS, undefined, this.stopping).catch(() => undefined);
      }
    }
  }

  /** Whoever misses the canary sets up the next one: another than before means that all else was gone with it. */
  private async wasEmptied(): Promise<boolean> {
    if (!this.listener.gap) return false;
    const [key, before] = [`${this.key}:canary`, this.canary];
    this.canary = await this.redis.get(key);
    if (this.canary === null) {
      await this.redis.set(key, randomUUID(), 'NX');
      this.canary = await this.redis.get(key);
    }
    return before !== undefined && this.canary !== before;
  }

  private gapTwice(): void {
    this.listener.gap?.();
    setTimeout(() => this.stopped || this.listener.gap?.(), WRITTEN_MS).unref();
  }

  private async last(): Promise<string> {
    const [last] = await this.redis.xrevrange(this.key, '+', '-', 'COUNT', 1);
    return last?.[0] ?? '0-0';
  }

  private async entriesAfter(id: string): Promise<Entry[]> {
    const found = await this.redis.xread('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', this.key, id);
    return found?.[0]?.[1] ?? [];
  }
}
