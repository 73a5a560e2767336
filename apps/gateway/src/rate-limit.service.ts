import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { GateService } from './gate.service';

type Hits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counters in Redis, so that a limit holds across replicas. Fixed windows: at the border of two a client can be served
 * up to twice the limit within a short time; a window is what `RateLimit` headers can tell a client about.
 */
@Injectable()
export class RateLimitService implements ThrottlerStorage {
  constructor(private readonly gate: GateService) {}

  /** @param ttl of the window, in ms. The times of the answer are in seconds, as the throttler has them. */
  async increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const [totalHits, msLeft] = await this.gate.hit(key, ttl);
    const timeToExpire = Math.max(1, Math.ceil(msLeft / 1_000));
    return { totalHits, timeToExpire, isBlocked: totalHits > limit, timeToBlockExpire: timeToExpire };
  }
}
