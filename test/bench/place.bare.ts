/**
 * The baseline: an order pipeline as plain as one can be written, in two processes. Raw HTTP, the driver and BullMQ; no
 * framework, no authentication, no proxy, no idempotency, nothing that survives a crash. `serve` accepts orders on a free
 * port, which it sends to its parent; `work` takes the stock and confirms.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Queue, Worker } from 'bullmq';
import { ObjectId } from 'mongodb';
import { connect } from './bench';

interface BareStock {
  _id: string;
  available: number;
  sold: number;
  version: number;
}

interface BareOrder {
  _id: ObjectId;
  stockId: string;
  quantity: number;
  status: string;
  history: { status: string; at: Date }[];
}

export const BARE_QUEUE = 'bare';
export const BARE_DATABASE = 'bench-bare';
export const BARE_STOCK = 'tea';
export const BARE_UNITS = 1_000_000_000;

const connection = { host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };

async function collections() {
  const database = (await connect()).db(BARE_DATABASE);
  return { stock: database.collection<BareStock>('stock'), orders: database.collection<BareOrder>('orders') };
}

async function serve(): Promise<void> {
  const { stock, orders } = await collections();
  await stock.insertOne({ _id: BARE_STOCK, available: BARE_UNITS, sold: 0, version: 0 });
  const queue = new Queue(BARE_QUEUE, { connection });
  const options = { priority: 10, attempts: 5, removeOnComplete: { count: 1_000 } };
  const place = async (request: IncomingMessage) => {
    let text = '';
    for await (const chunk of request) text += chunk as string;
    const { stockId, quantity } = JSON.parse(text) as BareOrder;
    await stock.findOne({ _id: stockId });
    const order = { _id: new ObjectId(), stockId, quantity, status: 'PENDING' };
    await orders.insertOne({ ...order, history: [{ status: 'PENDING', at: new Date() }] });
    await queue.add('order', { orderId: String(order._id) }, { jobId: `order-${String(order._id)}`, ...options });
    return order;
  };
  const server = createServer((request, response) => {
    void place(request).then((order) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(order));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.send!((server.address() as AddressInfo).port);
}

async function work(): Promise<void> {
  const { stock, orders } = await collections();
  const confirm = async ({ orderId }: { orderId: string }) => {
    const _id = new ObjectId(orderId);
    const { stockId, quantity } = (await orders.findOne({ _id }))!;
    const enough = { _id: stockId, available: { $gte: quantity } };
    const { modifiedCount } = await stock.updateOne(enough, {
      $inc: { available: -quantity, sold: quantity, version: 1 },
    });
    const status = modifiedCount ? 'CONFIRMED' : 'FAILED';
    const moved = { $set: { status }, $push: { history: { status, at: new Date() } } };
    await orders.updateOne({ _id, status: 'PENDING' }, moved);
  };
  const worker = new Worker<{ orderId: string }>(BARE_QUEUE, ({ data }) => confirm(data), {
    connection,
    concurrency: 64,
  });
  await worker.waitUntilReady();
  process.send!(0);
}

if (require.main === module) void (process.argv[2] === 'work' ? work() : serve());
