import type { Redis } from 'ioredis';

/** Everything that stands in the queues, the facts and the dead letters of a Redis, as one text. */
export async function waitingIn(redis: Redis): Promise<string> {
  const texts: string[] = [];
  for (const prefix of ['bull:', 'ev:', 'dlq:']) {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 })) {
      for (const key of keys as string[]) texts.push(key, JSON.stringify(await contentOf(redis, key)));
    }
  }
  return texts.join('\n');
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return undefined; // it has ended since
  }
}
