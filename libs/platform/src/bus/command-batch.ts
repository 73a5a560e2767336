import type { Redis } from 'ioredis';

export type Command = [name: string, ...args: (string | number)[]];
type Settle = (error: Error | null, result: unknown) => void;

const FLUSH_AT = 64;

/**
 * What gathers in one turn of the event loop leaves as one pipeline. This, more than anything else, makes the transport
 * fast: one write and one wake-up for a whole convoy.
 */
export class CommandBatch {
  private commands: Command[] = [];
  private settlers: (Settle | undefined)[] = [];
  private scheduled = false;

  constructor(private readonly redis: Redis) {}

  add(command: Command, settle?: Settle): void {
    this.commands.push(command);
    this.settlers.push(settle);
    if (this.commands.length >= FLUSH_AT) return this.flush();
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  send(command: Command): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.add(command, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }

  private flush(): void {
    if (this.commands.length === 0) return;
    const { commands, settlers } = this;
    this.commands = [];
    this.settlers = [];
    const settleAll = (error: Error) => settlers.forEach((settle) => settle?.(error, undefined));
    this.redis
      .pipeline(commands)
      .exec()
      .then((results) => results?.forEach(([error, result], i) => settlers[i]?.(error, result)), settleAll);
  }
}
