import { Problem } from '@suite/contracts';

/** By the names of the drivers' error classes: they come from several copies of several packages. */
const CONNECTIVITY_NAMES = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'PoolClearedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MaxRetriesPerRequestError',
  'ConnectionClosedError',
]);
const CONNECTIVITY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** "not primary", "primary stepped down", shutting down: https://github.com/mongodb/specifications, retryable writes. */
const NOT_PRIMARY = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);
/** Redis' own words. MISCONF: its disk is full; BUSY: a script holds it up. */
const CONNECTIVITY_TEXT =
  /^Connection is closed|Stream isn't writeable|^(LOADING|READONLY|MASTERDOWN|OOM|CLUSTERDOWN|MISCONF|NOREPLICAS|BUSY|TRYAGAIN) |initial connection/;

/** A store is away, or cannot take writes just now: weather, not a fault. */
export function isConnectivityError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, code, errorLabels, errorResponse } = error as Error & Record<string, unknown>;
  return (
    // What a bulk write died of stands inside of its own error.
    (name === 'MongoBulkWriteError' && isConnectivityError(errorResponse)) ||
    CONNECTIVITY_NAMES.has(name) ||
    (typeof code === 'string' && CONNECTIVITY_CODES.has(code)) ||
    (typeof code === 'number' && NOT_PRIMARY.has(code)) ||
    (Array.isArray(errorLabels) && errorLabels.includes('TransientTransactionError')) ||
    CONNECTIVITY_TEXT.test(message)
  );
}

/** Any thrown thing as a Problem: itself, SERVICE_UNAVAILABLE for weather, INTERNAL_ERROR with its cause for the rest. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!isConnectivityError(error)) return Problem.from(error);
  return new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 }, { cause: error });
}

/** It will pass by itself: tried again, and not worth an error in the log. */
export const isWeather = (error: unknown): boolean => problemOf(error).kind === 'busy';
