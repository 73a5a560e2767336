import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { orders, Problem, type ProcessOrder, type Tier } from '@suite/contracts';
import { counter, Fresh, RedisLink } from '@suite/platform';
import type { Queue } from 'bullmq';
import { OrdersConfig } from './orders.config';

/** So long what was looked up is believed, in ms. */
const DEPTH_MS = 250;
const MEMORY_MS = 1_000;
const COMPLAIN_MS = 10_000;
/** The rest of the room is for VIPs. */
const STANDARD_SHARE = 0.8;
/** Above it Redis takes no more orders: what is in it has to be worked off, and writing needs memory too. */
const MEMORY_SHARE = 0.8;
/** In seconds. */
const RETRY_AFTER = 2;

/**
 * Takes no more orders in than can be worked off in a while: whoever waits for minutes is served worse than who is told
 * at once to come again. Standard orders are turned away before VIPs are.
 */
@Injectable()
export class BacklogService {
  private readonly log = new Logger(BacklogService.name);
  /** While they cannot be looked up, nobody is turned away. */
  private readonly depth = new Fresh(DEPTH_MS, () => this.countWaiting().catch(() => 0));
  private readonly memory = new Fresh(MEMORY_MS, () => this.measureMemory().catch(() => 0));
  private readonly refused = counter('orders_turned_away_total', 'Orders that were not accepted, by lane and cause', [
    'lane',
    'cause',
  ]);
  private complained = 0;

  constructor(
    private readonly config: OrdersConfig,
    private readonly link: RedisLink,
    @InjectQueue(orders.process.queue) private readonly queue: Queue<ProcessOrder>,
  ) {}

  /** @throws Problem OVERLOADED, with `retryAfter`. */
  async assertRoom(tier: Tier): Promise<void> {
    const [depth, memory] = await Promise.all([this.depth.value(), this.memory.value()]);
    const most = this.config.ORDERS_MAX_WAITING * (tier === 'vip' ? 1 : STANDARD_SHARE);
    if (memory >= MEMORY_SHARE)
      this.turnAway(tier, 'memory', `Redis has used ${Math.round(memory * 100)} % of its memory`);
    if (depth >= most) this.turnAway(tier, 'waiting', `${depth} orders wait`);
  }

  private turnAway(tier: Tier, cause: string, why: string): never {
    this.refused.inc({ lane: tier, cause });
    if (Date.now() - this.complained > COMPLAIN_MS) {
      this.complained = Date.now();
      this.log.warn(`Orders are turned away: ${why}`);
    }
    throw new Problem('OVERLOADED', undefined, { retryAfter: RETRY_AFTER });
  }

  private async countWaiting(): Promise<number> {
    const counts = await this.queue.getJobCounts('prioritized', 'wait', 'delayed');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** From 0 to 1; 0 where Redis has no limit. */
  private async measureMemory(): Promise<number> {
    const text = await this.link.redis.info('memory');
    const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    const most = read('maxmemory');
    return most === 0 ? 0 : read('used_memory') / most;
  }
}
