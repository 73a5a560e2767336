import { Logger } from '@nestjs/common';
import { isConnectivityError } from './problems';

/** In the words of BullMQ: the job is gone, or its lock ended, or somebody else has it by now. */
const LOST_HOLD = /^(Missing key for job|Missing lock for job|Lock mismatch for job|could not renew lock for job) /;
/** What is lost is lost together: it is counted for so long, in ms, and said once. */
const GATHER_MS = 1_000;

/**
 * What queues and workers complain of. That Redis is away, RedisLink has said once. That a worker has lost its hold of
 * jobs (Redis was emptied, or the process stood still for longer than a lock lasts) is weather too: they are taken up
 * again by whoever looks after them.
 */
export class QueueErrors {
  private readonly log = new Logger('QueueModule');
  private lost = 0;

  hear(error: Error): void {
    if (isConnectivityError(error)) return;
    if (!LOST_HOLD.test(error.message)) return this.log.error(error.message, error.stack);
    if (++this.lost === 1) setTimeout(() => this.tellLost(), GATHER_MS).unref();
  }

  private tellLost(): void {
    this.log.warn(`Lost the hold of jobs, and was told so ${this.lost} times`);
    this.lost = 0;
  }
}
