import type { Migration } from '@suite/platform';
import type { mongo } from 'mongoose';
import type { OrderEventRecord } from './order-event.schema';

const BATCH = 500;

/** In the order of their ids; what stands here is never changed again. How to write one: docs/CONTRIBUTING.md. */
export const migrations: Migration[] = [
  {
    id: '2026-11-27-events-of-their-own',
    title:
      'Gives each event that was said a document of its own: the next one of its order would wait for it otherwise',
    up: async ({ db, progress, signal }) => {
      await db.collection('orderStreams').aggregate(eventsThatWereSaid).toArray();
      await carryWaitingMails(db, (carried) => progress(`${carried} waiting mails`), signal);
    },
  },
];

const eventsThatWereSaid = [
  { $unwind: '$events' },
  { $match: { $expr: { $lte: ['$events.seq', '$said'] }, 'events.place': { $exists: true } } },
  {
    $project: {
      _id: { $concat: [{ $toString: '$_id' }, '.', { $toString: '$events.seq' }] },
      ...{ userId: 1, number: 1, tier: 1 },
      ...{ kind: '$events.kind', status: '$events.status', previousStatus: '$events.previousStatus' },
      ...{ at: '$events.at', failure: '$events.failure', place: '$events.place' },
      saidAt: { $toDate: { $toLong: { $arrayElemAt: [{ $split: ['$events.place', '-'] }, 0] } } },
    },
  },
  { $merge: { into: 'orderEvents', whenMatched: 'keepExisting' } },
];

/** Posting is safe to repeat, and so is this. */
async function carryWaitingMails(
  db: mongo.Db,
  progress: (carried: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const events = db.collection<OrderEventRecord>('orderEvents');
  let writes: mongo.AnyBulkWriteOperation<OrderEventRecord>[] = [];
  let carried = 0;
  const write = async () => {
    if (writes.length > 0) await events.bulkWrite(writes);
    progress((carried += writes.length));
    writes = [];
  };
  for await (const { _id, said, waiting } of db.collection('orderStreams').find({ waiting: { $exists: true } })) {
    if (signal.aborted) return;
    const { due, mail } = waiting as { due: Date; mail: object };
    const $set = { waiting: { due, mail: JSON.stringify(mail) } };
    writes.push({ updateOne: { filter: { _id: `${String(_id)}.${said}` }, update: { $set } } });
    if (writes.length === BATCH) await write();
  }
  await write();
}
