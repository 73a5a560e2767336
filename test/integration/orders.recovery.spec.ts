import type { Queue } from 'bullmq';
import type { Collection } from 'mongodb';
import { Types } from 'mongoose';
import type { OrderChanged } from '@suite/contracts';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { audit, someProduct } from '../support/stock';

/** Holds what a dead process has written in the middle of a transaction, longer than the server of a test would. */
async function whileLocked(collection: Collection, work: () => Promise<void>): Promise<void> {
  const { client } = collection.db;
  const limit = (transactionLifetimeLimitSeconds: number) =>
    client.db('admin').command({ setParameter: 1, transactionLifetimeLimitSeconds }) as Promise<{ was: number }>;
  const { was } = await limit(60);
  try {
    await client.withSession(async (session) => {
      // Somebody may be writing it just now.
      await eventually(async () => {
        session.startTransaction();
        try {
          const { matchedCount } = await collection.updateOne({}, { $inc: { version: 1 } }, { session });
          expect(matchedCount).toBe(1);
        } catch (error) {
          await session.abortTransaction();
          throw error;
        }
      });
      await work();
      await session.abortTransaction();
    });
  } finally {
    await limit(was);
  }
}

/** Quick, so that a test need not wait for what takes seconds in a shop. */
const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' };

describe('an accepted order', () => {
  let suite: OrderSuite;
  let queue: Queue;
  const record = (id: string) => ({ _id: new Types.ObjectId(id) });
  const collection = () => suite.wires.database('orders').collection('orders');
  const facts = async (orderId: string): Promise<OrderChanged[]> => {
    const entries = await suite.wires.redis.xrange('ev:{orders}', '-', '+');
    return entries
      .map(([, [, message]]) => (JSON.parse(message) as { d: OrderChanged }).d)
      .filter((fact) => fact.orderId === orderId);
  };

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders');
    queue = suite.queue();
  });
  afterAll(() => suite?.stop());

  it('ends although the process that accepted it died before it was enqueued', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product));
    // What such a death leaves behind: the document with its outbox, and no job.
    await eventually(async () => expect(await queue.remove(`order-${order.id}-0`)).toBe(1));
    await suite.add('processor', soon);
    expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('ends although its worker was killed in the middle', async () => {
    const product = await someProduct(suite.wires, { initialStock: 500 });
    const workers = suite.replicas('processor');
    const accepted = await Promise.all(Array.from({ length: 100 }, () => suite.place(oneOf(product))));
    for (const worker of workers) worker.process.kill('SIGKILL');
    await suite.add('processor', soon);
    const ended = await Promise.all(accepted.map(({ order }) => suite.ended(order.id)));
    expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 'CONFIRMED'));
    expect(await audit(suite.wires.database('stock'), product.stock.id)).toMatchObject({
      counters: { available: 400, reserved: 0, sold: 100 },
      committed: 100,
    });
  });

  it('that lost its job gets another, in a new epoch', async () => {
    const product = await someProduct(suite.wires);
    await queue.pause();
    const { order } = await suite.place(oneOf(product));
    const owed = () => collection().findOne({ ...record(order.id), 'outbox.enqueue': { $exists: true } });
    await eventually(async () => expect(await owed()).toBeNull());
    await queue.obliterate({ force: true });
    await collection().updateOne(record(order.id), { $set: { checkAt: new Date() } });
    expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED' });
    expect(await collection().findOne(record(order.id))).toMatchObject({ epoch: 1 });
  });

  it('ends although a process that died in the middle of a transaction holds up the reports', async () => {
    const product = await someProduct(suite.wires);
    await whileLocked(suite.wires.database('orders').collection('reportStates'), async () => {
      await suite.ended((await suite.place(oneOf(product))).order.id);
      // The first may still be before the reports in the reconciler's turn.
      for (const _turn of times(3)) {
        await queue.pause();
        const { order } = await suite.place(oneOf(product));
        await eventually(async () => expect(await queue.remove(`order-${order.id}-0`)).toBe(1));
        await collection().updateOne(record(order.id), { $set: { 'outbox.enqueue': new Date(0) } });
        await queue.resume();
        expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED' });
      }
    });
  });

  it('survives an emptied Redis, and its facts are told again', async () => {
    const product = await someProduct(suite.wires);
    const before = await suite.place(oneOf(product));
    await suite.ended(before.order.id);
    await eventually(async () => expect(await suite.wires.redis.exists('canary:{orders}')).toBe(1));
    await suite.wires.redis.flushdb();
    const after = await eventually(() => suite.place(oneOf(product)), { timeoutMs: 15_000 });
    expect(await suite.ended(after.order.id)).toMatchObject({ status: 'CONFIRMED' });
    await eventually(
      async () => {
        const told = await facts(before.order.id);
        expect(told.map(({ seq, status }) => [seq, status])).toEqual(
          expect.arrayContaining([
            [1, 'PENDING'],
            [2, 'CONFIRMED'],
          ]),
        );
      },
      { timeoutMs: 15_000 },
    );
  });

  it('of the last day of a shop that was closed since is told again as well', async () => {
    const { order } = await suite.place(oneOf(await someProduct(suite.wires)));
    await suite.ended(order.id);
    await eventually(async () =>
      expect(await collection().countDocuments({ 'outbox.tell': { $exists: true } })).toBe(0),
    );
    const lastWeek = new Date(Date.now() - 7 * 86_400_000);
    await collection().updateMany({}, { $set: { updatedAt: lastWeek } });
    await suite.wires.redis.flushdb();
    await eventually(
      async () => expect((await facts(order.id)).map(({ seq }) => seq)).toEqual(expect.arrayContaining([1, 2])),
      { timeoutMs: 20_000 },
    );
  });

  it('that kills its workers every time is a dead letter in the end, and its stock is back', async () => {
    const product = await someProduct(suite.wires);
    await queue.pause();
    const { order } = await suite.place(oneOf(product, 2));
    // As three dead workers would have left it, the last of them after the reservation.
    await collection().updateOne(record(order.id), { $set: { claimed: true, crashes: 2, claim: 3 } });
    await queue.resume();
    const ended = await suite.ended(order.id);
    expect(ended).toMatchObject({ status: 'FAILED', failure: { code: 'PROCESSING_FAILED' } });
    await eventually(async () => {
      const letter = await suite.wires.database('orders').collection('deadLetters').findOne({ number: order.number });
      expect(letter).toMatchObject({ state: 'open', crashes: 3, error: expect.stringContaining('3 times') });
    });
    expect(await audit(suite.wires.database('stock'), product.stock.id)).toMatchObject({
      counters: { available: 10, reserved: 0, sold: 0 },
    });
  });

  it('was told in full, each step once in its history', async () => {
    const product = await someProduct(suite.wires);
    const { order } = await suite.place(oneOf(product));
    await suite.ended(order.id);
    const seen = await eventually(async () => {
      const told = await facts(order.id);
      expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
      return told;
    });
    expect(seen[1]).toMatchObject({ status: 'CONFIRMED', previousStatus: 'PENDING', number: order.number });
  });
});
