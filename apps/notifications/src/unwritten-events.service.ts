import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RedisLink } from '@suite/platform';

/** What is being said and written down just now, by all replicas: one member a batch, its score when it was begun. */
const UNWRITTEN = 'unwritten:{orders}';
/** Longer than that takes, short enough that the browsers of a replica that died wait for little. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 20;

/**
 * Between its being said and its being written down an event is heard by those who are there, and not found by those who
 * come then and ask what they have missed. So each batch is announced before it is said, in the same Redis, and those who
 * ask wait for what is announced.
 */
@Injectable()
export class UnwrittenEventsService {
  constructor(private readonly link: RedisLink) {}

  /**
   * Says and writes.
   * @returns false where it took so long that somebody who asked may not have waited: it has to be said once more
   * @throws when it is not known to be said and written: whoever hears it again says it again
   */
  async announced(work: () => Promise<unknown>): Promise<boolean> {
    const { redis } = this.link;
    const id = randomUUID();
    const begun = Date.now();
    try {
      // One connection: Redis sees the announcement before anything of the work.
      await Promise.all([redis.zadd(UNWRITTEN, this.link.now(), id), work()]);
    } finally {
      // If that fails it counts as one that died.
      redis.zrem(UNWRITTEN, id).catch(() => undefined);
    }
    return Date.now() - begun < PATIENCE_MS;
  }

  /** What had been announced is written, or its replica has died, and then whoever hears those facts next says them again. */
  async settled(): Promise<void> {
    const { redis } = this.link;
    const deadline = Date.now() + PATIENCE_MS;
    const [, announced] = await Promise.all([
      redis.zremrangebyscore(UNWRITTEN, '-inf', this.link.now() - PATIENCE_MS),
      redis.zrange(UNWRITTEN, 0, '-1'),
    ]);
    for (let open = announced; open.length > 0 && Date.now() < deadline;) {
      await pause(LOOK_MS);
      const scores = await redis.zmscore(UNWRITTEN, open);
      open = open.filter((_id, i) => scores[i] !== null);
    }
  }
}
