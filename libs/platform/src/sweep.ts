import { Logger } from '@nestjs/common';

/** Work that is done again and again, never twice at once in this process; a failure is complained of and tried again. */
export class Sweep {
  private readonly log: Logger;
  private timer?: NodeJS.Timeout;
  private running = Promise.resolve();

  constructor(
    name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    /** A line at level `warn`, unless given. */
    private readonly complain: (error: Error) => void = ({ message }) => this.log.warn(message),
  ) {
    this.log = new Logger(`${name} sweep`);
  }

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.once().then(() => {
        if (this.timer) this.start();
      });
    }, this.everyMs);
  }

  /** Waits for the work in hand. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.complain(error as Error);
    }
  }
}
