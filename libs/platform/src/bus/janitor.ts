import { Logger } from '@nestjs/common';
import { isConnectivityError } from '../problems';
import type { RedisLink } from '../redis-link';

const EVERY_MS = 30_000;
/** How long facts stay at least, for a service that is installed later and for people who look. */
const RETENTION_MS = 600_000;

/**
 * Trims a stream of facts up to what every group has dealt with. (A limit on the length alone would drop, silently,
 * what a slow group has not read yet.) One replica of all does it at a time.
 *
 * KEYS: stream. ARGV: oldest time to keep, in ms of Redis's clock. Returns how many went.
 */
const TRIM = `
local stream = KEYS[1]
local function older(a, b)
  local at, an = a:match('(%d+)-(%d+)')
  local bt, bn = b:match('(%d+)-(%d+)')
  at, an, bt, bn = tonumber(at), tonumber(an), tonumber(bt), tonumber(bn)
  return at < bt or (at == bt and an < bn)
end
if redis.call('EXISTS', stream) == 0 then return 0 end
local oldest = ARGV[1] .. '-0'
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local group = {}
  for i = 1, #flat, 2 do group[flat[i]] = flat[i + 1] end
  local reached = group['last-delivered-id']
  if group.pending > 0 then reached = redis.call('XPENDING', stream, group.name)[2] end
  if older(reached, oldest) then oldest = reached end
end
return redis.call('XTRIM', stream, 'MINID', '~', oldest)
`;

export class Janitor {
  private readonly log = new Logger(Janitor.name);
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly link: Pick<RedisLink, 'redis' | 'away' | 'now'>,
    private readonly stream: string,
  ) {
    this.timer = setInterval(() => void this.turn(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async turn(): Promise<void> {
    if (this.link.away) return;
    try {
      const mine = await this.link.redis.set(`janitor:${this.stream}`, '1', 'PX', EVERY_MS - 1_000, 'NX');
      if (mine) await this.link.redis.eval(TRIM, 1, this.stream, Math.floor(this.link.now() - RETENTION_MS));
    } catch (error) {
      if (!isConnectivityError(error)) this.log.error(error);
    }
  }
}
