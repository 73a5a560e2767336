import type { Redis } from 'ioredis';
import { StreamTail, type TailListener } from './bus/stream-tail';
import { keys } from './bus/wire';
import type { RedisLink } from './redis-link';

/** What a reader can have missed and still find; whoever was away for longer is told that there is a gap. */
const KEPT = 10_000;

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

/** Listens from now on; where there may have been a gap, what was said in it may be lost. */
export const liveTail = (link: RedisLink, name: string, listener: TailListener): StreamTail =>
  new StreamTail(link, keys.live(name), listener);
