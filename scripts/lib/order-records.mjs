import { Failure } from './failure.mjs';
import { MongoClient, ObjectId, prefixOf } from './oracle/database.mjs';

/** @typedef {import('mongodb').Document} Document */

/**
 * @typedef {object} OrderRecords what the services have written down about one order
 * @property {Document} order
 * @property {Document[]} deadLetters
 * @property {Document | undefined} reservation
 * @property {Document[] | undefined} movements undefined where there were too many of these stocks to look through
 * @property {Document | undefined} payment
 * @property {Document[]} webhooks
 * @property {Document[]} mails
 * @property {Document[]} events what browsers heard of it, as far as that is kept
 */

/** The ledger of a stock has no index by order: a hot product takes its time. */
const PATIENCE_MS = 20_000;
const TOO_SLOW = 50;

/**
 * Reads what there is about one order in the databases of all services. Writes nothing.
 * @param {string} uri as the services have it: a database name in it is the prefix of theirs
 * @param {string} wanted its id, or its number as customers know it
 * @returns {Promise<OrderRecords>}
 * @throws {Failure} when there is no such order
 */
export async function readOrder(uri, wanted) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3_000 });
  try {
    await client.connect();
    const of = (/** @type {string} */ service) => client.db(`${prefixOf(uri)}${service}`);
    const [stock, orders, payments, notifications] = ['stock', 'orders', 'payments', 'notifications'].map(of);
    const order = await findOrder(orders, wanted);
    const { _id, createdAt, items } = order;
    // The key of a fact is that of its mail and of its event: the order's id, and the seq of what happened.
    const told = { _id: startingWith(`${String(_id)}.`) };
    const all = (/** @type {import('mongodb').FindCursor<Document>} */ found) => found.toArray();
    const one = async (/** @type {import('mongodb').Db} */ database, /** @type {string} */ collection) =>
      (await database.collection(collection).findOne({ _id })) ?? undefined;
    const [deadLetters, reservation, movements, payment, webhooks, mails, events] = await Promise.all([
      all(orders.collection('deadLetters').find({ orderId: _id }, { sort: { at: 1 } })),
      one(stock, 'reservations'),
      movementsOf(stock, { _id, createdAt, items }),
      one(payments, 'payments'),
      all(payments.collection('webhooks').find({ orderId: _id }, { sort: { receivedAt: 1 } })),
      all(notifications.collection('mails').find(told, { sort: { createdAt: 1 } })),
      all(notifications.collection('orderEvents').find(told, { sort: { saidAt: 1 } })),
    ]);
    return { order, deadLetters, reservation, movements, payment, webhooks, mails, events };
  } finally {
    await client.close();
  }
}

/** @param {import('mongodb').Db} orders @param {string} wanted */
async function findOrder(orders, wanted) {
  const filters = [...(/^[\da-f]{24}$/i.test(wanted) ? [{ _id: idOf(wanted) }] : []), { number: wanted.toUpperCase() }];
  for (const collection of ['orders', 'ordersArchive']) {
    for (const filter of filters) {
      const order = await orders.collection(collection).findOne(filter);
      if (order) return order;
    }
  }
  throw new Failure(`There is no order ${wanted}.`, 'give its id, or its number as it stands in mails');
}

/**
 * @param {import('mongodb').Db} stock
 * @param {{ _id: unknown, createdAt: Date, items: Document[] }} order
 */
async function movementsOf(stock, { _id, createdAt, items }) {
  const stockIds = items.map(({ stockId }) => stockId);
  try {
    const filter = { stockId: { $in: stockIds }, at: { $gte: createdAt }, 'orders.orderId': _id };
    const found = [];
    // What is archived is older than what is not.
    for (const collection of ['movementsArchive', 'movements']) {
      const some = stock.collection(collection).find(filter, { maxTimeMS: PATIENCE_MS });
      found.push(...(await some.sort({ at: 1, version: 1, n: 1 }).toArray()));
    }
    return found;
  } catch (error) {
    if (/** @type {{ code?: number }} */ (error).code === TOO_SLOW) return undefined;
    throw error;
  }
}

/** @param {string} text @returns {any} */
const startingWith = (text) => ({ $gte: text, $lt: `${text}~` });

/** @param {string} hex @returns {any} an ObjectId, by the driver that came with the client */
const idOf = (hex) => ObjectId.createFromHexString(hex);
