import { createRequire } from 'node:module';
import { merged } from './merged.mjs';

/** mongoose brings it, in the image for production too. @type {typeof import('mongodb')} */
export const { MongoClient, ObjectId } = createRequire(createRequire(import.meta.url).resolve('mongoose'))('mongodb');

/** @typedef {import('mongodb').Document} Document */

/** A shop that was started a moment ago has collections that are younger than the moment to be read. */
const TOO_YOUNG = 246;
const BATCH = 1_000;
const TRIES = 10;
const PAUSE_MS = 500;

/**
 * Opens the databases of a shop and shows one moment of it: all that is read belongs to the same instant, across
 * databases, while the shop goes on. Reads only.
 *
 * @template T
 * @param {string} uri as the services have it: a database name in it is the prefix of theirs
 * @param {(picture: import('./picture.mjs').Picture) => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withPicture = (uri, work) =>
  withClient(uri, (client) =>
    inSnapshot(client, prefixOf(uri), (session) => work(pictureOf(client, session, prefixOf(uri)))),
  );

/**
 * @template T
 * @param {string} uri
 * @param {(client: import('mongodb').MongoClient) => Promise<T>} work
 * @param {number} patienceMs how long a server is looked for
 * @returns {Promise<T>}
 */
export async function withClient(uri, work, patienceMs = 3_000) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: patienceMs, readPreference: 'primary' });
  try {
    // First of all: before it has met the server, the driver takes it for one without snapshots.
    await client.connect();
    return await work(client);
  } finally {
    await client.close();
  }
}

/**
 * Does work that reads one moment of all databases, in a snapshot session: MongoDB 5.0 or newer, for at most as long as
 * the server keeps the past (`minSnapshotHistoryWindowInSeconds`, five minutes by default). Where the moment is too early
 * for a collection that has just been made, all of the work is done again.
 *
 * @template T
 * @param {import('mongodb').MongoClient} client
 * @param {string} prefix
 * @param {(session: import('mongodb').ClientSession) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inSnapshot(client, prefix, work) {
  for (let tries = 1; ; tries++) {
    const session = client.startSession({ snapshot: true });
    try {
      // The first read decides which moment it is; the others, side by side, are to find that decided.
      await client.db(`${prefix}orders`).collection('orders').findOne({}, { session });
      return await work(session);
    } catch (error) {
      if (/** @type {{ code?: number }} */ (error).code !== TOO_YOUNG || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } finally {
      await session.endSession();
    }
  }
}

/** @param {string} uri `mongodb://host/shop?…` has `shoporders`, `shopstock`; without a name they are `orders`, `stock` */
export const prefixOf = (uri) => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(uri)?.[1] ?? '';

/**
 * @param {import('mongodb').MongoClient} client
 * @param {import('mongodb').ClientSession} session
 * @param {string} prefix
 * @returns {import('./picture.mjs').Picture}
 */
function pictureOf(client, session, prefix) {
  const [stock, orders, payments] = ['stock', 'orders', 'payments'].map((name) => client.db(`${prefix}${name}`));
  /**
   * @template T
   * @param {import('mongodb').Db} database
   * @param {string} collection
   * @param {import('mongodb').Sort} sort
   * @param {(document: Document) => T} shape
   */
  const read = (database, collection, sort, shape, filter = {}) =>
    (async function* () {
      const cursor = database
        .collection(collection)
        .find(filter, { session, sort, batchSize: BATCH, allowDiskUse: true });
      for await (const document of cursor) yield shape(document);
    })();
  const byId = { _id: /** @type {const} */ (1) };
  const inLedger = /** @type {const} */ ({ stockId: 1, version: 1, n: 1 });
  return {
    stocks: read(stock, 'stock', { _id: 1 }, stockOf),
    movements: merged(
      read(stock, 'movements', inLedger, movementOf),
      read(stock, 'movementsArchive', inLedger, movementOf),
      earlier,
    ),
    reservations: read(stock, 'reservations', { _id: 1 }, reservationOf),
    orders: merged(
      read(orders, 'orders', byId, orderOf),
      read(orders, 'ordersArchive', byId, orderOf),
      ({ id: a }, { id: b }) => (a < b ? -1 : 1),
    ),
    payments: read(payments, 'payments', { _id: 1 }, paymentOf),
    deadLetters: read(orders, 'deadLetters', { orderId: 1 }, deadLetterOf),
    // Those of the archive have served their time, and may be used anew.
    keys: read(orders, 'orders', { userId: 1, 'idempotency.key': 1 }, keyOf, { 'idempotency.key': { $exists: true } }),
  };
}

/** @param {import('./picture.mjs').Movement} a @param {import('./picture.mjs').Movement} b */
const earlier = (a, b) => (a.stockId < b.stockId ? -1 : a.stockId > b.stockId ? 1 : a.version - b.version || a.n - b.n);

/** @param {Document} document @returns {import('./picture.mjs').Stock} */
const stockOf = ({ _id, available, reserved, sold, received, version }) => {
  return { id: String(_id), available, reserved, sold, received, version };
};

/** @param {Document} document @returns {import('./picture.mjs').Movement} */
const movementOf = ({ stockId, version, n, kind, available, reserved, sold, orders = [] }) => {
  const lines = orders.map((/** @type {Document} */ line) => ({ ...line, orderId: String(line.orderId) }));
  return { stockId: String(stockId), version, n, kind, available, reserved, sold, orders: lines };
};

/** @param {Document} document @returns {import('./picture.mjs').Reservation} */
const reservationOf = ({ _id, epoch, state, lines }) => {
  return { id: String(_id), epoch, state, lines: lines.map(lineOf) };
};

/** @param {Document} document @returns {import('./picture.mjs').Order} */
const orderOf = ({ _id, userId, items, outbox = {}, refunds = [], failure, idempotency, ...rest }) => {
  const { number, status, total, epoch, seq, history, payment } = rest;
  const order = { id: String(_id), userId: String(userId), number, status, total, epoch, seq, history, outbox };
  const { method, refunded } = payment;
  const [failureCode, key] = [failure?.code, idempotency?.key];
  const ids = refunds.map((/** @type {Document} */ refund) => refund.id);
  return { ...order, items: items.map(lineOf), payment: { method, refunded }, refunds: ids, failureCode, key };
};

/** @param {Document} document @returns {import('./picture.mjs').Payment} */
const paymentOf = ({ _id, captures, refunds, dueAt }) => ({
  id: String(_id),
  captures: captures.map((/** @type {Document} */ { id, amount }) => ({ id, amount })),
  refunds: refunds.map((/** @type {Document} */ { reference, amount, key, state }) => ({
    id: reference ?? key,
    amount,
    key,
    state,
  })),
  due: dueAt !== undefined,
});

/** @param {Document} line */
const lineOf = ({ stockId, quantity, restocked }) => ({ stockId: String(stockId), quantity, restocked });

/** @param {Document} document @returns {import('./picture.mjs').DeadLetter} */
const deadLetterOf = ({ orderId, epoch, error }) => ({ orderId: String(orderId), epoch, error });

/** @param {Document} document @returns {import('./picture.mjs').Key} */
const keyOf = ({ _id, userId, idempotency }) => {
  return { userId: String(userId), key: idempotency.key, orderId: String(_id) };
};
