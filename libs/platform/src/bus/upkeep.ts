import { Logger } from '@nestjs/common';
import { counter } from '../metrics';
import { isConnectivityError } from '../problems';
import type { RedisLink } from '../redis-link';

/** After how many ms an empty consumer of a process that is gone is forgotten. */
const FORGET_MS = 600_000;

/**
 * Redis keeps one number for each message that is not acknowledged yet: how often it was handed over. A message that
 * came from a dead replica gets this on top, so that even a process that has lost sight of it knows that it may have run.
 */
const TAKEN_OVER = 1_000;

/** A message that is not acknowledged yet. */
export interface Pending {
  id: string;
  /** How often a handler was started with it. */
  attempts: number;
  takenOver: boolean;
}

type Counted = [id: string, count: number];

export const pendingOf = ([id, count]: Counted): Pending => ({
  id,
  attempts: count % TAKEN_OVER,
  takenOver: count >= TAKEN_OVER,
});

/** What Redis is to keep for it. */
export const countOf = ({ attempts, takenOver }: Omit<Pending, 'id'>): number =>
  takenOver ? attempts + TAKEN_OVER : attempts;

/**
 * One round in Redis, so that two replicas never take over the same message.
 * KEYS: stream. ARGV: group, own consumer, lease ms, how many to take at most, ms after which an empty consumer goes.
 *
 * 1. Shows that this consumer lives. Reading the history beyond its end touches the consumer and returns nothing. (The
 *    range ...615-...615 instead would be read as `>` and take new messages.)
 * 2. Takes over what belongs to consumers that showed no life for a lease. Liveness belongs to the process and not to
 *    the message: a handler may run for minutes, and a dead replica is noticed in seconds all the same.
 * 3. Forgets consumers that are long gone, but only empty ones: deleting a consumer drops what it holds.
 */
const UPKEEP = `
local stream, group, me = KEYS[1], ARGV[1], ARGV[2]
local lease, limit, forget = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', 1, 'STREAMS', stream,
  '18446744073709551615-18446744073709551614')
local taken = {}
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  local consumer = {}
  for i = 1, #flat, 2 do consumer[flat[i]] = flat[i + 1] end
  if consumer.name ~= me and consumer.idle >= lease then
    if consumer.pending > 0 then
      if #taken < limit then
        for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', limit - #taken, consumer.name)) do
          local count = entry[4] % ${TAKEN_OVER} + ${TAKEN_OVER}
          redis.call('XCLAIM', stream, group, me, 0, entry[1], 'RETRYCOUNT', count, 'JUSTID')
          taken[#taken + 1] = { entry[1], count }
        end
      end
    elseif consumer.idle >= forget then
      redis.call('XGROUP', 'DELCONSUMER', stream, group, consumer.name)
    end
  end
end
local own = {}
for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', 10000, me)) do
  own[#own + 1] = { entry[1], entry[4] }
end
return { taken, own }
`;

export interface UpkeepOptions {
  stream: string;
  group: string;
  consumer: string;
  leaseMs: number;
  /** How many messages of dead replicas may be taken over now. */
  room: () => number;
  /** Does this process know the message? */
  holds: (id: string) => boolean;
  /** What belongs to this replica by Redis's book and is not in its hands: from the dead, or lost on the way. */
  adopt: (pending: Pending[]) => Promise<void>;
}

/** Keeps a replica alive in its consumer group and finds what has been left behind, three times a lease. */
export class Upkeep {
  private readonly log = new Logger(Upkeep.name);
  private readonly timer: NodeJS.Timeout;
  private readonly takenOver = counter(
    'transport_taken_over_total',
    'Messages and facts that were taken over from a dead replica',
    ['stream'],
  );
  private suspects = new Set<string>();
  private last = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly options: UpkeepOptions,
  ) {
    this.timer = setInterval(() => void this.turn(), options.leaseMs / 3);
    void this.turn();
  }

  /** Others see this replica as alive. */
  get alive(): boolean {
    return Date.now() - this.last < this.options.leaseMs;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async turn(): Promise<void> {
    if (this.link.away) return;
    const { stream, group, consumer, leaseMs, room, holds, adopt } = this.options;
    const sent = Date.now();
    try {
      const [taken, own] = (await this.link.redis.eval(
        ...([UPKEEP, 1, stream, group, consumer, leaseMs, room(), FORGET_MS] as const),
      )) as [Counted[], Counted[]];
      this.last = sent;
      if (taken.length > 0) {
        this.takenOver.inc({ stream }, taken.length);
        this.log.warn(`Took over ${taken.length} message(s) of a dead replica in ${stream}`);
        await adopt(taken.map(pendingOf));
      }
      // What is unknown once may be on its way through the other connection; what is unknown twice is an orphan.
      const unknown = own.map(pendingOf).filter(({ id }) => !holds(id));
      await adopt(unknown.filter(({ id }) => this.suspects.has(id)));
      this.suspects = new Set(unknown.map(({ id }) => id));
    } catch (error) {
      // NOGROUP: Redis was emptied; the reader has been told so too and makes the group again.
      if (!isConnectivityError(error) && !String(error).includes('NOGROUP')) this.log.error(error);
    }
  }
}
