import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isConnectivityError } from '../problems';
import type { RedisLink } from '../redis-link';
import { Quarantine } from './quarantine';
import { countOf, pendingOf, Upkeep, type Pending } from './upkeep';
import { textOf, type Entry } from './wire';

const BLOCK_MS = 5_000;
const UNBLOCK_MS = 20;
/** How many messages of dead replicas one reader deals with at a time. */
const MAX_TAKEN = 64;

/** One message in the hands of this process. */
export interface Delivery {
  stream: string;
  id: string;
  text: string;
  /** How often it was handed to a handler, this time included. */
  attempts: number;
  /** It was in the hands of a replica that died: it may have run, wholly or in part. */
  takenOver: boolean;
}

export interface StreamReaderOptions {
  stream: string;
  group: string;
  consumer: string;
  maxInFlight: number;
  leaseMs: number;
  /** Ends when the message is settled in Redis as well, or is to be left to another replica. Must not reject. */
  handle: (delivery: Delivery) => Promise<void>;
}

/** Reads one stream for one consumer group, and deals with what dead replicas and cut connections left behind. */
export class StreamReader {
  private readonly log = new Logger(StreamReader.name);
  private readonly reader: Redis;
  private readerId = 0;
  private readonly held = new Set<string>();
  private readonly quarantine = new Quarantine();
  private upkeep?: Upkeep;
  private loop?: Promise<void>;
  private released?: () => void;
  private closing = false;

  constructor(
    private readonly link: RedisLink,
    private readonly options: StreamReaderOptions,
  ) {
    // 0: a read that was cut must fail rather than be sent again, so that what Redis handed to the dead socket is looked
    // for (`recover`). No time-out on the read either: an abandoned read would swallow what Redis hands to it later.
    this.reader = link.connection({ maxRetriesPerRequest: 0 });
  }

  start(): void {
    this.loop = this.read();
  }

  /** It reads, and others see this replica as alive. */
  get alive(): boolean {
    return this.reader.status === 'ready' && this.upkeep?.alive === true;
  }

  /** Stops reading, takes in what the last read brought, and waits for what is in hand, at most until `deadline`. */
  async close(deadline: number): Promise<void> {
    this.closing = true;
    this.released?.();
    if (this.reader.status !== 'ready') this.reader.disconnect();
    // Again and again, because the word that ends the read may reach Redis before the read does.
    const unblock = setInterval(() => void this.unblock(), UNBLOCK_MS);
    await Promise.race([this.unblock().then(() => this.loop), pause(deadline - Date.now())]);
    clearInterval(unblock);
    while (this.held.size > 0 && Date.now() < deadline) await pause(5);
    this.upkeep?.stop();
    this.reader.disconnect();
  }

  private async unblock(): Promise<void> {
    await this.link.redis.client('UNBLOCK', this.readerId).catch(() => undefined);
  }

  private async read(): Promise<void> {
    const { stream, group, consumer, maxInFlight } = this.options;
    let recovered = false;
    while (!this.closing) {
      try {
        if (!recovered) await this.recover();
        recovered = true;
        await this.room();
        if (this.closing) return;
        const count = maxInFlight - this.held.size;
        const streams = await this.reader.xreadgroup(
          ...(['GROUP', group, consumer, 'COUNT', count, 'BLOCK', BLOCK_MS, 'STREAMS', stream, '>'] as const),
        );
        this.accept(streams?.[0]?.[1].map((entry) => this.delivery(entry)) ?? [], this.options.handle);
      } catch (error) {
        recovered = false;
        if (this.closing) return;
        if (!isConnectivityError(error) && !/NOGROUP|UNBLOCKED/.test(String(error))) this.log.error(error);
        await pause(100);
      }
    }
  }

  /** A slow replica does not hoard: it reads again only when an eighth of its slots is free. */
  private async room(): Promise<void> {
    const { maxInFlight } = this.options;
    while (!this.closing && maxInFlight - this.held.size < Math.max(1, maxInFlight / 8)) {
      await new Promise<void>((resolve) => (this.released = resolve));
    }
  }

  /** Before the first read and after each cut: there is a group, and nothing is lost that went to a dead socket. */
  private async recover(): Promise<void> {
    const { stream, group, consumer } = this.options;
    await this.link.redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
    this.readerId = await this.reader.client('ID');
    const inHand = new Set(this.held);
    const pending = await this.link.redis.xpending(stream, group, '-', '+', 10_000, consumer);
    const own = (pending as [string, string, number, number][]).map(([id, , , count]) => pendingOf([id, count]));
    await this.adopt(own.filter(({ id }) => !inHand.has(id)));
    this.upkeep ??= new Upkeep(this.link, {
      ...this.options,
      room: () => (this.closing ? 0 : Math.max(0, MAX_TAKEN - this.quarantine.size)),
      holds: (id) => this.held.has(id),
      adopt: (found) => this.adopt(found),
    });
  }

  private async adopt(pending: Pending[]): Promise<void> {
    const deliveries = await this.load(pending);
    // What has not been with anybody else never reached this process either, and starts as if it were new.
    this.accept(
      deliveries.filter(({ takenOver }) => !takenOver),
      this.options.handle,
    );
    this.accept(
      deliveries.filter(({ takenOver }) => takenOver),
      (delivery) => this.quarantine.run(delivery.attempts, () => this.startAgain(delivery)),
    );
  }

  /** The attempt is written down before it begins, for it may be the end of this process. */
  private async startAgain(delivery: Delivery): Promise<void> {
    if (this.closing) return;
    const again = { ...delivery, attempts: delivery.attempts + 1 };
    try {
      await this.writeAttempts(again);
    } catch {
      return; // Redis is away: it stays pending, and upkeep finds it again.
    }
    await this.options.handle(again);
  }

  writeAttempts(delivery: Delivery): Promise<unknown> {
    const { stream, group, consumer } = this.options;
    const count = countOf(delivery);
    return this.link.redis.xclaim(stream, group, consumer, 0, delivery.id, 'RETRYCOUNT', count, 'JUSTID');
  }

  private async load(pending: Pending[]): Promise<Delivery[]> {
    if (pending.length === 0) return [];
    const { stream, group } = this.options;
    const pipeline = this.link.redis.pipeline(pending.map(({ id }) => ['xrange', stream, id, id]));
    const results = (await pipeline.exec()) ?? [];
    const deliveries: Delivery[] = [];
    for (const [i, [error, entries]] of results.entries()) {
      if (error) throw error;
      const [entry] = entries as Entry[];
      if (entry) deliveries.push(this.delivery(entry, pending[i]));
      else await this.link.redis.xack(stream, group, pending[i].id); // Trimmed: there is nothing left to do.
    }
    return deliveries;
  }

  private delivery(entry: Entry, { attempts, takenOver } = { attempts: 1, takenOver: false }): Delivery {
    return { stream: this.options.stream, id: entry[0], text: textOf(entry), attempts, takenOver };
  }

  /** Takes them in hand now and starts them in the next turn, so that the next read is under way before they run. */
  private accept(deliveries: Delivery[], start: (delivery: Delivery) => Promise<void>): void {
    const fresh = deliveries.filter(({ id }) => !this.held.has(id));
    for (const { id } of fresh) this.held.add(id);
    setImmediate(() => fresh.forEach((delivery) => void start(delivery).finally(() => this.release(delivery.id))));
  }

  private release(id: string): void {
    this.held.delete(id);
    this.released?.();
  }
}
