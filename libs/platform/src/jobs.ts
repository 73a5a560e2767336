import type { Job } from '@suite/contracts';
import type { JobsOptions, Queue, WorkerOptions } from 'bullmq';
import { backoff } from './backoff';

/**
 * The BullMQ options of a job, from its contract.
 *
 * @param priority 1 is first. Every job of a queue needs one as soon as any has: BullMQ runs jobs *without* a priority
 * before all that have one.
 */
export function jobOptions<Body extends object>(contract: Job<Body>, body: Body, priority?: number): JobsOptions {
  return {
    jobId: contract.key(body),
    priority,
    attempts: contract.attempts,
    backoff: { type: 'custom' },
    // What is done is kept for the board only; the truth is in MongoDB.
    removeOnComplete: { count: 1_000 },
    removeOnFail: { count: 10_000, age: 7 * 24 * 3_600 },
  };
}

/**
 * The worker's side of it. BullMQ's defaults leave the job of a killed worker alone for a minute; with these it moves on
 * within 15 s. `maxStalledCount` is out of the way because a process that dies takes innocent neighbours with it: who
 * counts crashes counts them at the claim.
 */
export const workerOptions = (contract: Job): Partial<WorkerOptions> => ({
  lockDuration: 8_000,
  stalledInterval: 4_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 1_000,
  settings: {
    backoffStrategy: (attemptsMade) => backoff(attemptsMade, contract.backoffMs, contract.maxBackoffMs),
  },
});

const ALIVE = new Set(['active', 'waiting', 'delayed', 'prioritized', 'waiting-children', 'paused']);

/** Whether a job is worked on, or will be, by the state that the queue says it has. */
export const isAlive = (state: string): boolean => ALIVE.has(state);

/** The same of a job's id. One that has ended is cleared away, since its id is in the way of the next one. */
export async function hasLiveJob(queue: Queue, id: string): Promise<boolean> {
  if (isAlive(await queue.getJobState(id))) return true;
  await queue.remove(id);
  return false;
}
