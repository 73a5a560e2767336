import type { OrderEvent } from '@suite/contracts';

/** How many events of one feed may wait for its catching up; who is so far behind starts anew. */
const MAX_WAITING = 5_000;

/**
 * What one listener hears: first what it has missed, then what happens, each order's events once and by their seq. What
 * happens while it is catching up waits. After a gap it catches up again, from the last event it has heard.
 */
export class LiveFeed {
  private lastEventId?: string;
  private readonly begun = new Date().toISOString();
  /** Order id → seq heard last. Only while catching up can an event come twice, or an old one after a new one. */
  private readonly heard = new Map<string, number>();
  /** From when it has to catch up until it has. */
  private waiting?: OrderEvent[];
  private catchingUp = false;
  private again = false;

  constructor(
    private readonly missed: (since: { lastEventId?: string; from?: string }) => Promise<OrderEvent[]>,
    private readonly emit: (event: OrderEvent) => void,
    lastEventId?: string,
  ) {
    this.lastEventId = lastEventId;
  }

  /** Where nothing was heard before and the past is of no interest, there is nothing to catch up with. */
  async open(): Promise<void> {
    if (this.lastEventId !== undefined) await this.catchUp();
  }

  push(event: OrderEvent): void {
    if (!this.waiting) return this.say(event);
    if (this.waiting.length < MAX_WAITING) this.waiting.push(event);
    else this.again = true;
  }

  /** @throws when what was missed cannot be had: nothing more is said then until another try succeeds. */
  async catchUp(): Promise<void> {
    if (this.catchingUp) return void (this.again = true);
    this.catchingUp = true;
    this.waiting ??= [];
    try {
      do {
        this.again = false;
        const since = this.lastEventId === undefined ? { from: this.begun } : { lastEventId: this.lastEventId };
        for (const event of await this.missed(since)) this.say(event);
      } while (this.again);
    } finally {
      this.catchingUp = false;
    }
    const { waiting } = this;
    this.waiting = undefined;
    for (const event of waiting) this.say(event);
  }

  private say(event: OrderEvent): void {
    const { orderId, seq, id } = event;
    if (seq <= (this.heard.get(orderId) ?? 0)) return;
    this.remember(orderId, seq);
    this.lastEventId = id;
    this.emit(event);
  }

  private remember(orderId: string, seq: number): void {
    // Last heard, last forgotten: a Map keeps the order in which keys were set.
    this.heard.delete(orderId);
    this.heard.set(orderId, seq);
    if (this.heard.size > MAX_WAITING) this.heard.delete(this.heard.keys().next().value!);
  }
}
