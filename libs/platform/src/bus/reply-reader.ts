import type { RedisLink } from '../redis-link';
import { StreamTail } from './stream-tail';
import { REPLIES_KEPT_MS, type Reply } from './wire';

const REFRESH_MS = 1_000;
const BEGINNING = '0-0';

/**
 * Reads the answers to this process from a stream of its own. A stream and not publish/subscribe: what is answered
 * while the connection is cut is read when it is back. Who answers makes the stream; this process keeps it alive.
 */
export class ReplyReader {
  private tail?: StreamTail;
  private refresher?: NodeJS.Timeout;

  constructor(
    private readonly link: RedisLink,
    private readonly key: string,
    private readonly receive: (reply: Reply) => void,
  ) {}

  /** With the first request: a process that never asks needs no second connection. */
  start(): void {
    if (this.tail) return;
    const heard = (text: string) => {
      for (const reply of JSON.parse(text) as Reply[]) this.receive(reply);
    };
    const tail = (this.tail = new StreamTail(this.link, this.key, { heard }, BEGINNING));
    this.refresher = setInterval(() => void this.refresh(tail), REFRESH_MS);
    tail.start();
  }

  stop(): void {
    if (!this.tail || this.tail.stopped) return;
    clearInterval(this.refresher);
    this.tail.stop();
    void this.link.redis.del(this.key).catch(() => undefined);
  }

  /** Keeps the stream alive, and drops what was read from it: it may hold tokens. */
  private async refresh(tail: StreamTail): Promise<void> {
    if (this.link.away) return;
    try {
      const { redis } = this.link;
      const [kept] = await Promise.all([
        redis.pexpire(this.key, REPLIES_KEPT_MS),
        redis.xtrim(this.key, 'MINID', tail.after!),
      ]);
      // There is none, because nobody has answered yet or because Redis was emptied: the next one begins anew.
      if (kept === 0) tail.after = BEGINNING;
    } catch {
      // Redis is away; the next turn tries again.
    }
  }
}
