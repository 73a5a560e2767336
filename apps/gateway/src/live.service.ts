import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LIVE_STREAM, type OrderEvent } from '@suite/contracts';
import { backoff, liveTail, RedisLink } from '@suite/platform';

const EVERYBODY = '*';
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5_000;

/** Somebody who hears what happens, and is told where something may have been missed. */
export interface Follower {
  push(event: OrderEvent): void;
  /** @throws when what was missed cannot be had: it is called again, after a while */
  catchUp(): Promise<void>;
}

/** What happens to orders, for those who watch it on this replica. Every gateway hears everything, in the same order. */
@Injectable()
export class LiveService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(LiveService.name);
  private readonly tail: ReturnType<typeof liveTail>;
  private readonly feeds = new Map<string, Set<Follower>>();
  private readonly ends = new Set<() => void>();
  private readonly counted = { accepted: 0, confirmed: 0 };

  constructor(link: RedisLink) {
    this.tail = liveTail(link, LIVE_STREAM, { heard: (text) => this.heard(text), gap: () => this.gap() });
  }

  onApplicationBootstrap(): void {
    this.tail.start();
  }

  onApplicationShutdown(): void {
    this.tail.stop();
  }

  /** `end` is called when this gateway is about to stop; returns how to take that back. */
  untilEnd(end: () => void): () => void {
    this.ends.add(end);
    return () => void this.ends.delete(end);
  }

  /** Ends what listens: before the server drains, which would wait for streams that have no end of their own. */
  end(): void {
    for (const end of this.ends) end();
  }

  /** The events of one user, or of everybody; returns how to stop. */
  follow(feed: Follower, userId = EVERYBODY): () => void {
    const feeds = this.feeds.get(userId) ?? new Set();
    this.feeds.set(userId, feeds.add(feed));
    return () => {
      feeds.delete(feed);
      if (feeds.size === 0) this.feeds.delete(userId);
    };
  }

  /** How many orders were accepted and confirmed since the last time somebody asked. */
  count(): { accepted: number; confirmed: number } {
    const counted = { ...this.counted };
    Object.assign(this.counted, { accepted: 0, confirmed: 0 });
    return counted;
  }

  private heard(text: string): void {
    const event = JSON.parse(text) as OrderEvent;
    if (event.seq === 1) this.counted.accepted++;
    if (event.kind === 'status' && event.status === 'CONFIRMED') this.counted.confirmed++;
    for (const name of [event.userId, EVERYBODY]) for (const feed of this.feeds.get(name) ?? []) feed.push(event);
  }

  private gap(): void {
    for (const feeds of this.feeds.values()) for (const feed of feeds) void this.catchUp(feed, feeds);
  }

  /** Again and again while somebody listens: whoever knows what was missed may be away for longer than Redis was. */
  private async catchUp(feed: Follower, feeds: Set<Follower>): Promise<void> {
    for (let attempt = 1; feeds.has(feed); attempt++) {
      try {
        return await feed.catchUp();
      } catch (error) {
        if (attempt === 1) this.log.warn(`A feed is behind: ${(error as Error).message}`);
        await pause(backoff(attempt, FIRST_RETRY_MS, MAX_RETRY_MS), undefined, { ref: false });
      }
    }
  }
}
