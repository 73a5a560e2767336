import { Problem } from '@suite/contracts';
import type { Connection, mongo } from 'mongoose';

/** How long conflicts are retried, in ms: less than the patience of whoever asks (5 s), so that they hear of the weather. */
const PATIENCE_MS = 4_000;

/**
 * Several documents of one service written together: all of it or nothing, known to the majority when it resolves. For
 * what is rare; a hot path fits what belongs together into one document. `work` is run again after a conflict, so it
 * reads what it decides on inside of the session.
 * @throws Problem SERVICE_UNAVAILABLE when it could not get a word in: a process that died in the middle of such a thing
 *   keeps what it had written from everybody until the server forgets it (`transactionLifetimeLimitSeconds`).
 */
export function inTransaction<T>(
  connection: Connection,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  // The driver itself would go on for 120 s; it takes a `timeoutMS` here, and does not look at it.
  const deadline = performance.now() + PATIENCE_MS;
  const attempt = (session: mongo.ClientSession) => {
    if (performance.now() > deadline) throw new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 });
    return work(session);
  };
  return connection.getClient().withSession((session) =>
    session.withTransaction(async () => attempt(session), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
      readPreference: 'primary',
    }),
  );
}
