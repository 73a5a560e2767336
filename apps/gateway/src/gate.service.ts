import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Problem, revokedKey, SESSION_ENDED, type AccessClaims } from '@suite/contracts';
import { problemOf, RedisLink } from '@suite/platform';

/** How long a request waits for Redis at the door, in ms. */
const PATIENCE_MS = 1_000;

/** Fixed window: the first hit opens it. In a script, because a window without an end would lock its client out. */
const HIT = `
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { hits, redis.call('PTTL', KEYS[1]) }`;

type Scripted = Redis & { hit(key: string, windowMs: number): Promise<[hits: number, msLeft: number]> };

/**
 * What every request asks of Redis before it comes in: is its session revoked, has its client been here too often. Both
 * leave in one pipeline, together with those of all requests of the same turn of the event loop.
 *
 * While Redis is away nobody comes in: a session cannot be known to stand, and nothing behind the door would answer.
 * Such requests fail at once with SERVICE_UNAVAILABLE.
 */
@Injectable()
export class GateService implements OnApplicationShutdown {
  private readonly redis: Scripted;

  constructor(private readonly link: RedisLink) {
    this.redis = link.connection({ enableAutoPipelining: true, commandTimeout: PATIENCE_MS }) as Scripted;
    this.redis.defineCommand('hit', { numberOfKeys: 1, lua: HIT });
  }

  /** Counts one request. @returns how many there were in this window, and when it ends (ms from now). */
  hit(key: string, windowMs: number): Promise<[hits: number, msLeft: number]> {
    return this.ask(() => this.redis.hit(key, windowMs));
  }

  /** Was this session ended, or changed since the token was made? */
  async isRevoked({ sid, ver }: AccessClaims): Promise<boolean> {
    const revoked = await this.ask(() => this.redis.get(revokedKey(sid)));
    return revoked !== null && (revoked === SESSION_ENDED || ver < Number(revoked));
  }

  ping(): Promise<string> {
    return this.ask(() => this.redis.ping());
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    this.link.assertThere();
    try {
      return await command();
    } catch (error) {
      // ioredis reports a command that took too long as a plain Error.
      if (error instanceof Error && error.message === 'Command timed out') {
        throw new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 }, { cause: error });
      }
      throw problemOf(error);
    }
  }
}
