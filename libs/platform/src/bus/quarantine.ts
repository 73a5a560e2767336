const TOGETHER = 16;

interface Suspect {
  attempts: number;
  start: () => Promise<void>;
  done: () => void;
}

/**
 * What a dead replica left behind may be what killed it. It starts a few at a time; what has been started twice or more
 * starts strictly alone. So only the message that really kills its process reaches the limit of attempts, and never
 * those that happened to run beside it.
 */
export class Quarantine {
  private readonly waiting: Suspect[] = [];
  private running = 0;
  private alone = false;

  get size(): number {
    return this.waiting.length + this.running;
  }

  /** Starts it when its turn has come. `start` must not reject. */
  run(attempts: number, start: () => Promise<void>): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ attempts, start, done });
      // The least suspicious first: the message that kills the process comes last.
      this.waiting.sort((a, b) => a.attempts - b.attempts);
      this.next();
    });
  }

  private next(): void {
    while (this.waiting.length > 0 && !this.alone && this.running < TOGETHER) {
      const alone = this.waiting[0].attempts >= 2;
      if (alone && this.running > 0) return;
      const { start, done } = this.waiting.shift()!;
      this.alone = alone;
      this.running++;
      void start().finally(() => {
        this.running--;
        this.alone = false;
        done();
        this.next();
      });
    }
  }
}
