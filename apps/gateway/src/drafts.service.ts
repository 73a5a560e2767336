import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { DraftWords } from '@suite/contracts';
import { liveTail, RedisLink } from '@suite/platform';

/**
 * The words of replies that are being written for clients of this gateway: on a live stream of its own, so that nobody
 * else has to read them. What is lost on the way comes with the reply itself.
 */
@Injectable()
export class DraftsService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly stream = `chat:${randomUUID()}`;
  private readonly tail: ReturnType<typeof liveTail>;
  private readonly listeners = new Map<string, (words: string) => void>();

  constructor(link: RedisLink) {
    this.tail = liveTail(link, this.stream, { heard: (text) => this.heard(text) });
  }

  onApplicationBootstrap(): void {
    this.tail.start();
  }

  onApplicationShutdown(): void {
    this.tail.stop();
  }

  /** Returns how to stop. */
  listen(draftId: string, hear: (words: string) => void): () => void {
    this.listeners.set(draftId, hear);
    return () => void this.listeners.delete(draftId);
  }

  private heard(text: string): void {
    const { draftId, text: words } = JSON.parse(text) as DraftWords;
    this.listeners.get(draftId)?.(words);
  }
}
