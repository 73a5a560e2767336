import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RedisLink } from '@suite/platform';

/** Counts in a fixed window that the first attempt opens. What is refused does not prolong it. Returns ms to wait, or 0. */
const TAKE = `
local taken = redis.call('INCR', KEYS[1])
if taken == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if taken <= tonumber(ARGV[1]) then return 0 end
return redis.call('PTTL', KEYS[1])`;

export interface AttemptLimit {
  name: string;
  max: number;
  windowMs: number;
}

/** Limits on what may be tried how often, held in Redis, so that all replicas count together. */
@Injectable()
export class AttemptsService {
  constructor(private readonly link: RedisLink) {}

  /** Counts one attempt. @returns 0 if it may be made, otherwise after how many ms the next one may. */
  async take(limit: AttemptLimit, subject: string): Promise<number> {
    this.link.assertThere();
    return (await this.link.redis.eval(TAKE, 1, keyOf(limit, subject), limit.max, limit.windowMs)) as number;
  }

  /** Begins anew. */
  async forget(limit: AttemptLimit, subject: string): Promise<void> {
    await this.link.redis.del(keyOf(limit, subject));
  }
}

/** Hashed: no addresses of people in Redis, and no key longer than another. */
const keyOf = ({ name }: AttemptLimit, subject: string): string =>
  `attempts:${name}:${createHash('sha256').update(subject).digest('base64url')}`;
