import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@suite/contracts';
import { backoff, currentContext, isConnectivityError } from '@suite/platform';

const FIRST_PAUSE_MS = 2;
const MAX_PAUSE_MS = 25;
/** Longer than any conflict lasts; what is still in the way then is weather, and the caller should hear of it. */
const PATIENCE_MS = 2_000;
/** What an answer needs to travel back before the caller stops waiting for it. */
const MARGIN_MS = 100;

/** Until when it is of use to go on with the request in hand, in ms since the epoch. */
export const patience = (): number =>
  Math.min(Date.now() + PATIENCE_MS, (currentContext()?.deadline ?? Infinity) - MARGIN_MS);

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const has = (error: unknown, label: string): boolean =>
  error instanceof Error && 'errorLabels' in error && (error.errorLabels as string[]).includes(label);

/** A transaction that lost against another one, or of which it is not known whether it was committed; or weather. */
export const isTransient = (error: unknown): boolean =>
  isConnectivityError(error) || has(error, 'UnknownTransactionCommitResult') || has(error, 'RetryableWriteError');

/** Another transaction wrote, or is writing, the same document. */
export const isWriteConflict = (error: unknown): boolean => codeOf(error) === 112;

/**
 * Does `work`, which has to be safe to repeat, again and again while the way is blocked, with jittered pauses.
 * @param work is told what the attempt before failed of.
 * @param again which errors are worth another try.
 * @throws Problem SERVICE_UNAVAILABLE when `until` (ms since the epoch) has passed; whatever else `work` throws, at once.
 */
export async function retrying<T>(
  work: (before?: unknown) => Promise<T>,
  until: number,
  again = isTransient,
): Promise<T> {
  let before: unknown;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(before);
    } catch (error) {
      if (!again(error)) throw error;
      const ms = backoff(attempt, FIRST_PAUSE_MS, MAX_PAUSE_MS);
      if (Date.now() + ms > until) {
        throw new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 }, { cause: error });
      }
      before = error;
      await pause(ms);
    }
  }
}
