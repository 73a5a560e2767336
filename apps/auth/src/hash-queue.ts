import { Problem } from '@suite/contracts';

export interface HashQueueOptions {
  concurrency: number;
  maxWaiting: number;
  maxWaitMs: number;
}

interface Waiting {
  start: () => void;
  leave: NodeJS.Timeout;
}

/**
 * A few at a time, in the order of arrival, with a bounded queue before them: hashing passwords takes all of a core, and
 * a storm of logins must neither take every core nor let answers come after their callers have gone.
 */
export class HashQueue {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(private readonly options: HashQueueOptions) {}

  /** @throws Problem OVERLOADED at once when too many wait, or after `maxWaitMs` without a turn. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.options.concurrency) await this.turn();
    else this.running++;
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.options.maxWaiting) throw overloaded();
    return new Promise((resolve, reject) => {
      const leave = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(overloaded());
      }, this.options.maxWaitMs);
      const entry = { start: resolve, leave };
      this.waiting.push(entry);
    });
  }

  /** Hands the place on, so that nobody who comes in between takes it. */
  private next(): void {
    const entry = this.waiting.shift();
    if (!entry) return void this.running--;
    clearTimeout(entry.leave);
    entry.start();
  }
}

const overloaded = (): Problem =>
  new Problem('OVERLOADED', 'Too many passwords are being checked just now', { retryAfter: 2 });
