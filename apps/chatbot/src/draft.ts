import { sayLive } from '@suite/platform';
import type { DraftWords } from '@suite/contracts';
import type { Redis } from 'ioredis';
import { PlainWords } from './plain-text';

/** A stream goes when its gateway has asked for nothing for so long. */
const IDLE_MS = 60_000;

/**
 * The words of a reply on their way to whoever reads along, in the order in which they come. What comes while the last
 * ones are being written is written together. They may be lost, and then the reply itself, which follows, has them.
 */
export class Draft {
  private readonly words = new PlainWords();
  private waiting = '';
  private writing = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly stream: string,
    private readonly draftId: string,
  ) {}

  say(piece: string): void {
    this.push(this.words.take(piece));
  }

  /** Resolves when all of them are written. */
  end(): Promise<void> {
    this.push(this.words.end());
    return this.writing;
  }

  private push(text: string): void {
    if (text === '') return;
    const idle = this.waiting === '';
    this.waiting += text;
    if (idle) this.writing = this.writing.then(() => this.write());
  }

  private async write(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    const words: DraftWords = { draftId: this.draftId, text };
    await sayLive(this.redis, this.stream, [JSON.stringify(words)], IDLE_MS).catch(() => undefined);
  }
}
