import { Injectable } from '@nestjs/common';
import { Problem, type Tier } from '@suite/contracts';
import { counter, gauge } from '@suite/platform';

/** An answer that takes so long, in ms, is late; orders are given up after 5 s. */
const LATE_MS = 1_000;
/** So many late ones are a crowd. Fewer may be in the hands of one replica that has just died, and say nothing. */
const CROWD: Record<Tier, number> = { standard: 128, vip: 256 };
/** In seconds. */
const RETRY_AFTER = 1;

/**
 * Lets orders in, as long as those before them are answered in time. What counts is how long they have waited, not how
 * many they are: a thousand buyers at once are welcome where they are served within a second, and on a slow machine fifty
 * may be too many. (The idea of CoDel: Nichols and Jacobson, Controlling Queue Delay, ACM Queue 2012.)
 */
@Injectable()
export class AdmissionService {
  /** When each began that has no answer yet, the oldest first. */
  private readonly waiting = new Set<{ since: number }>();
  private readonly refused = counter(
    'http_orders_turned_away_total',
    'Orders that this gateway did not let in, because those before them wait for their answers, by lane',
    ['lane'],
  );

  constructor() {
    gauge('http_orders_waiting', 'Orders that wait for their answer in this gateway', () => this.waiting.size);
  }

  /** @throws Problem OVERLOADED, with `retryAfter`, at once; or what `work` throws. */
  async admit<Answer>(tier: Tier, work: () => Promise<Answer>): Promise<Answer> {
    if (this.isCrowded(CROWD[tier])) {
      this.refused.inc({ lane: tier });
      throw new Problem('OVERLOADED', undefined, { retryAfter: RETRY_AFTER });
    }
    const one = { since: performance.now() };
    this.waiting.add(one);
    try {
      return await work();
    } finally {
      this.waiting.delete(one);
    }
  }

  private isCrowded(crowd: number): boolean {
    if (this.waiting.size < crowd) return false;
    const late = performance.now() - LATE_MS;
    let count = 0;
    for (const { since } of this.waiting) {
      if (since > late) return false;
      if (++count === crowd) return true;
    }
    return false;
  }
}
