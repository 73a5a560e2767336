import { setTimeout as pause } from 'node:timers/promises';
import { MAX_EXPORTED, orders, type ExportedOrders, type OrderFilter } from '@suite/contracts';
import { backoff, isWeather, runInContext, type Bus, type RequestContext } from '@suite/platform';
import { csvHeader, csvRows } from './orders-csv';

/** Orders of the first portion: few, so that the file begins at once. */
const FIRST_PORTION = 50;
/** How long one portion is asked for, in ms: time to replace a replica, and less than proxies wait for the next byte. */
const PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Orders as CSV, portion by portion along the cursor: while one is on its way to the client the next is fetched, and none
 * beyond that, however slowly the client reads.
 */
export class OrderExport {
  constructor(
    private readonly bus: Bus,
    private readonly filter: OrderFilter,
    /** Of the request: who asks, for all portions. */
    private readonly context: RequestContext,
    /** Aborted when the client has gone. */
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Problem before anything is sent: the client gets it as an answer. */
  async begin(): Promise<AsyncIterable<string>> {
    return this.text(await this.ask());
  }

  private async *text(first: ExportedOrders): AsyncIterable<string> {
    yield csvHeader();
    for (let page = first; ;) {
      const next = page.nextCursor === undefined ? undefined : this.askStubbornly(page.nextCursor);
      // Whether it failed matters when it is its turn.
      next?.catch(() => undefined);
      yield csvRows(page.items);
      if (!next) return;
      page = await next;
    }
  }

  private async askStubbornly(cursor: string): Promise<ExportedOrders> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(cursor, deadline);
      } catch (error) {
        if (Date.now() > deadline || !isWeather(error)) throw error;
        await pause(backoff(attempt, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), undefined, { signal: this.signal });
      }
    }
  }

  private ask(cursor?: string, deadline?: number): Promise<ExportedOrders> {
    const portion = cursor === undefined ? { limit: FIRST_PORTION } : { limit: MAX_EXPORTED, cursor };
    const body = { ...this.filter, ...portion };
    return runInContext({ ...this.context, deadline }, () => this.bus.ask(orders.exportPage, body));
  }
}
