import type { Redis } from 'ioredis';
import type { DeadLetter } from '../../libs/platform/src/bus/dead-letter';
import { keys, type Entry } from '../../libs/platform/src/bus/wire';

/** What the transport of a service has set aside so far. */
export async function deadLettersOf(redis: Redis, service: string): Promise<DeadLetter[]> {
  const entries = (await redis.xrange(keys.deadLetters(service), '-', '+')) as Entry[];
  return entries.map(([, fields]) => JSON.parse(fields![1]) as DeadLetter);
}
