import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../support/builders';
import { Listener } from '../support/live';

const AGAIN_MS = 200;

/** A browser that follows its customer's orders whatever happens: cut off, it comes back and says what it has seen last. */
export class Watcher {
  /** What it saw, in the order of seeing. */
  readonly sightings: { orderId: string; seq: number }[] = [];
  private connected = false;
  private closed = false;
  private readonly running: Promise<void>;

  constructor(readonly customer: Customer) {
    this.running = this.watch();
  }

  /** The last thing it saw of an order; 0: nothing. */
  lastOf(orderId: string): number {
    return this.sightings.findLast((seen) => seen.orderId === orderId)?.seq ?? 0;
  }

  assertConnected(): void {
    if (!this.connected) throw new Error('a browser is not connected');
  }

  assertSaw(orderId: string): void {
    if (this.lastOf(orderId) === 0) throw new Error(`a browser has seen nothing of order ${orderId}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async watch(): Promise<void> {
    let lastEventId: string | undefined;
    while (!this.closed) {
      const listener = Listener.open({ token: this.customer.token, lastEventId });
      let taken = 0;
      do {
        await pause(AGAIN_MS);
        this.connected = listener.socket.connected;
        for (const { orderId, seq } of listener.events.slice(taken)) this.sightings.push({ orderId, seq });
        taken = listener.events.length;
      } while (!this.closed && !listener.ended && !listener.refusal);
      lastEventId = listener.lastEventId ?? lastEventId;
      listener.close();
    }
  }
}
