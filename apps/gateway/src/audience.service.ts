import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Problem } from '@suite/contracts';
import { RedisLink } from '@suite/platform';
import { GatewayConfig } from './gateway.config';

/** A seat whose gateway died is free after so many ms. */
const SEAT_MS = 30_000;

/** Seats are taken and counted in one step: two gateways that look first and take then would give away one too many. */
const TAKE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1] + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

type Scripted = Redis & { takeSeat(key: string, now: number, ms: number, id: string, max: number): Promise<0 | 1> };

const keyOf = (userId: string): string => `seats:{${userId}}`;

/** How many sockets and event streams a user has open, on all gateways together. */
@Injectable()
export class AudienceService {
  private readonly redis: Scripted;

  constructor(
    private readonly link: RedisLink,
    private readonly config: GatewayConfig,
  ) {
    this.redis = link.redis as Scripted;
    this.redis.defineCommand('takeSeat', { numberOfKeys: 1, lua: TAKE });
  }

  /** @throws Problem RATE_LIMITED when the user has no seat left; SERVICE_UNAVAILABLE while Redis is away. */
  async enter(userId: string, id: string): Promise<void> {
    this.link.assertThere();
    const took = await this.redis.takeSeat(keyOf(userId), this.now(), SEAT_MS, id, this.config.LIVE_MAX_PER_USER);
    if (!took) throw new Problem('RATE_LIMITED', 'Too many live connections at once', { retryAfter: 30 });
  }

  /** Keeps a seat; called well within the time it lasts. What fails here only frees it for a moment. */
  async stay(userId: string, id: string): Promise<void> {
    await this.redis
      .pipeline()
      .zadd(keyOf(userId), this.now() + SEAT_MS, id)
      .pexpire(keyOf(userId), SEAT_MS)
      .exec()
      .catch(() => undefined);
  }

  async leave(userId: string, id: string): Promise<void> {
    await this.redis.zrem(keyOf(userId), id).catch(() => undefined);
  }

  private now(): number {
    return Math.round(this.link.now());
  }
}
