import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { orders, Problem, type Caller, type Order, type PaymentMethod, type Tier } from '@suite/contracts';
import { runInContext, type Bus } from '@suite/platform';
import type { DemoRunView } from './demo.view';

/** Of one order, until it is decided; a suite that is slower than this is not shown off. */
const PATIENCE_MS = 60_000;
const WAIT_MS = 5_000;
const FIRST_PAUSE_MS = 200;

/** Somebody who buys while it is shown how that goes. They have no account, and their mail goes nowhere. */
export interface Buyer {
  caller: Caller;
  requestId: string;
}

export const newBuyer = (nth: number, tier: Tier): Buyer => ({
  caller: {
    userId: randomBytes(12).toString('hex'),
    sessionId: randomBytes(12).toString('hex'),
    role: 'user',
    tier,
    email: `demo-${nth}@example.com`,
    name: `Demo buyer ${nth}`,
  },
  requestId: `demo-${randomBytes(6).toString('hex')}`,
});

export interface Wish {
  stockId: string;
  quantity: number;
  paymentMethod?: PaymentMethod;
}

/** Buys as customers do, through the same messages, and notes in the run how it goes. */
export class Buyers {
  constructor(
    private readonly bus: Bus,
    private readonly run: DemoRunView,
    private readonly stopped: () => boolean,
  ) {}

  /**
   * Undefined where nothing was left. Whoever is turned away because too much is going on comes again, as customers do,
   * with the same key. @throws Problem, whatever else it was refused with
   */
  async place(buyer: Buyer, { paymentMethod, ...line }: Wish): Promise<Order | undefined> {
    if (this.stopped()) return undefined;
    const body = { items: [line], ...(paymentMethod && { paymentMethod }) };
    for (const until = Date.now() + PATIENCE_MS; ;) {
      try {
        const { order } = await this.as(buyer, () => this.bus.ask(orders.place, body), buyer.requestId);
        this.run.accepted++;
        return order;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === 'INSUFFICIENT_STOCK') {
          this.run.refused++;
          return undefined;
        }
        if (error.kind !== 'busy' || Date.now() > until || this.stopped()) throw error;
        await pause((error.extra.retryAfter ?? 1) * 1_000 * (0.5 + Math.random()));
      }
    }
  }

  /** The order once it is decided. @throws Problem TIMEOUT if that takes too long */
  async decided(buyer: Buyer, { id }: Order): Promise<Order> {
    const until = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_PAUSE_MS; Date.now() < until; wait = Math.min(wait * 2, WAIT_MS)) {
      const order = await this.as(buyer, () => this.bus.ask(orders.get, { id, waitMs: WAIT_MS }));
      if (order.status !== 'PENDING') {
        if (order.status === 'FAILED') this.run.failed++;
        if (order.status === 'CONFIRMED') this.run.confirmed++;
        return order;
      }
      await pause(wait);
    }
    throw new Problem('TIMEOUT', `Order ${id} was not decided in time`);
  }

  private as<T>({ caller, requestId }: Buyer, work: () => Promise<T>, idempotencyKey?: string): Promise<T> {
    return runInContext({ requestId, caller, ...(idempotencyKey !== undefined && { idempotencyKey }) }, work);
  }
}

/** At most `width` at once; results in the order of the items. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
