import type { Connection, mongo } from 'mongoose';

/** Shorter than the patience of whoever asks (5 s), so that bad weather is answered as such. */
const TIMEOUT_MS = 4_000;

/**
 * Several documents of one service written together: all of it or nothing, known to the majority when it resolves. For
 * what is rare; a hot path fits what belongs together into one document. `work` is run again after a conflict, so it
 * reads what it decides on inside of the session.
 */
export function inTransaction<T>(
  connection: Connection,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  return connection.getClient().withSession((session) =>
    session.withTransaction(() => work(session), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
      readPreference: 'primary',
      timeoutMS: TIMEOUT_MS,
    }),
  );
}
