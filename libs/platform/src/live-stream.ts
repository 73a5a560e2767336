import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { keys, textOf, type Entry } from './bus/wire';
import type { RedisLink } from './redis-link';

/** What a reader can have missed and still find; whoever was away for longer is told that there is a gap. */
const KEPT = 10_000;
const BLOCK_MS = 5_000;
const COUNT = 500;
const RETRY_MS = 200;

/**
 * Says something to all processes that listen just now, in the same order to each: for what people watch. It is kept for a
 * moment only, and may be lost when Redis is emptied, so that whatever is said has its truth elsewhere.
 * @param idleMs the stream goes when nothing was said on it for so long: for those that belong to one process
 * @throws when it is not known to be written
 */
export async function sayLive(redis: Redis, name: string, texts: string[], idleMs?: number): Promise<void> {
  if (texts.length === 0) return;
  const add = (text: string) => ['xadd', keys.live(name), 'MAXLEN', '~', KEPT, '*', 'm', text];
  const expire = idleMs === undefined ? [] : [['pexpire', keys.live(name), idleMs]];
  const commands = [...texts.map(add), ...expire];
  const failed = (await redis.pipeline(commands).exec())?.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
}

export interface LiveListener {
  heard(text: string): void;
  /** The connection was lost: what was said meanwhile may be lost as well. */
  gap(): void;
}

/** Listens on a connection of its own, from now on. */
export class LiveReader {
  private readonly redis: Redis;
  private readonly stopping = new AbortController();

  constructor(
    link: RedisLink,
    private readonly name: string,
    private readonly listener: LiveListener,
  ) {
    // A read that was cut off fails, and is made again from where the last one ended.
    this.redis = link.connection({ maxRetriesPerRequest: 0 });
  }

  start(): void {
    void this.read();
  }

  stop(): void {
    this.stopping.abort();
    this.redis.disconnect();
  }

  private async read(): Promise<void> {
    const { signal } = this.stopping;
    let after: string | undefined;
    let failed = false;
    while (!signal.aborted) {
      try {
        after ??= await this.last();
        if (failed) this.listener.gap();
        failed = false;
        const entries = await this.entriesAfter(after);
        for (const entry of entries) this.listener.heard(textOf(entry));
        after = entries.at(-1)?.[0] ?? after;
      } catch {
        failed = true;
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async last(): Promise<string> {
    const [last] = await this.redis.xrevrange(keys.live(this.name), '+', '-', 'COUNT', 1);
    return last?.[0] ?? '0-0';
  }

  private async entriesAfter(id: string): Promise<Entry[]> {
    const found = await this.redis.xread('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', keys.live(this.name), id);
    return found?.[0]?.[1] ?? [];
  }
}
