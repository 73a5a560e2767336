import { Injectable } from '@nestjs/common';
import { notifications, type Caller, type MissedEvents, type OrderEvent } from '@suite/contracts';
import { Bus, runInContext } from '@suite/platform';

/** Asks for what somebody has missed, in that somebody's name, long after the request that opened the connection. */
@Injectable()
export class MissedService {
  constructor(private readonly bus: Bus) {}

  async missed(who: { caller: Caller; requestId: string }, which: MissedEvents): Promise<OrderEvent[]> {
    const { items } = await runInContext(who, () => this.bus.ask(notifications.missed, which));
    return items;
  }
}
