import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { ObjectId, type MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { newCustomer, newProduct } from '../support/builders';
import { times } from '../support/client';
import { BARE_DATABASE, BARE_QUEUE, BARE_STOCK, BARE_UNITS } from './place.bare';
import type { Way } from './rounds';

/** So many people order at the same time, each over a connection of its own. */
export const CALLERS = 64;
const CUSTOMERS = 16;
const LOOK_MS = 20;

type Headers = Record<string, string>;

/** What both ways have in common: a client that posts, and a queue that is empty when all has been worked off. */
abstract class Placing implements Way {
  /** How many were accepted so far; each has to be confirmed, and to have taken one unit. */
  accepted = 0;
  private readonly pool: Pool;
  private readonly queue: Queue;

  constructor(
    readonly name: string,
    origin: string,
    queue: string,
  ) {
    this.pool = new Pool(origin, { connections: CALLERS, pipelining: 1 });
    this.queue = new Queue(queue, { connection: storeOptions() });
  }

  async once(i: number): Promise<boolean> {
    const { path, headers, body } = this.request(i);
    const answer = await this.pool.request({ method: 'POST', path, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 201) throw new Error(`${this.name} answered ${answer.statusCode}: ${text}`);
    this.accepted++;
    return true;
  }

  async settled(): Promise<void> {
    const isEmpty = async () =>
      Object.values(await this.queue.getJobCounts('prioritized', 'wait', 'active', 'delayed')).every((n) => n === 0);
    while (!(await isEmpty())) await pause(LOOK_MS);
    while ((await this.confirmed()) < this.accepted) await pause(LOOK_MS);
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.queue.close()]);
  }

  /** Throws where the books say something else. */
  async verify(): Promise<void> {
    assertEqual('units sold', await this.sold(), this.accepted);
    assertEqual('orders confirmed', await this.confirmed(), this.accepted);
  }

  protected abstract request(i: number): { path: string; headers: Headers; body: string };
  protected abstract confirmed(): Promise<number>;
  protected abstract sold(): Promise<unknown>;
}

const storeOptions = () => ({ host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT) });

/** The suite, through Nginx. Each order has an idempotency key, as a good client's has. */
export class SuiteWay extends Placing {
  private readonly bodies: string;
  /** Mails go out at a pace of their own, for a minute after a slice; whoever comes next must not share the machine with them. */
  private readonly mails = new Queue('mails', { connection: storeOptions() });
  private sendingMails?: Promise<void>;

  private constructor(
    origin: string,
    private readonly client: MongoClient,
    private readonly stockId: string,
    private readonly tokens: string[],
  ) {
    super('the suite', origin, 'orders');
    this.bodies = JSON.stringify({ stockId, quantity: 1 });
  }

  static async open(client: MongoClient): Promise<SuiteWay> {
    const [{ stock }, ...customers] = await Promise.all([
      newProduct({ stock: BARE_UNITS / 1_000 }),
      ...times(CUSTOMERS).map(() => newCustomer()),
    ]);
    const tokens = customers.map(({ token }) => token);
    return new SuiteWay(process.env.BASE_URL!, client, stock.id, tokens);
  }

  override once(i: number): Promise<boolean> {
    this.sendingMails ??= this.mails.resume();
    return super.once(i);
  }

  async quiet(): Promise<void> {
    this.sendingMails = undefined;
    await this.mails.pause();
    while ((await this.mails.getActiveCount()) > 0) await pause(LOOK_MS);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.mails.close()]);
  }

  protected request(i: number) {
    const authorization = `Bearer ${this.tokens[i % this.tokens.length]}`;
    const headers = { 'content-type': 'application/json', authorization, 'idempotency-key': randomUUID() };
    return { path: '/orders', headers, body: this.bodies };
  }

  protected confirmed(): Promise<number> {
    return this.client.db('orders').collection('orders').countDocuments({ status: 'CONFIRMED' });
  }

  protected async sold(): Promise<unknown> {
    const stock = this.client.db('stock').collection('stock');
    return (await stock.findOne({ _id: new ObjectId(this.stockId) }))?.sold;
  }
}

/** The baseline: see place.bare.ts. Its client speaks to it without a proxy in between. */
export class BareWay extends Placing {
  private constructor(
    origin: string,
    private readonly client: MongoClient,
    private readonly children: ChildProcess[],
  ) {
    super('bare pipeline', origin, BARE_QUEUE);
  }

  static async open(client: MongoClient): Promise<BareWay> {
    await client.db(BARE_DATABASE).dropDatabase();
    const children = ['serve', 'work'].map((role) =>
      spawn(
        process.execPath,
        ['--require', join(__dirname, '../support/typescript.js'), join(__dirname, 'place.bare.ts'), role],
        { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
      ),
    );
    const [[port]] = await Promise.all(children.map((child) => once(child, 'message') as Promise<[number]>));
    return new BareWay(`http://127.0.0.1:${port}`, client, children);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const child of this.children) child.kill();
  }

  protected request() {
    const headers = { 'content-type': 'application/json' };
    return { path: '/', headers, body: JSON.stringify({ stockId: BARE_STOCK, quantity: 1 }) };
  }

  protected confirmed(): Promise<number> {
    return this.client.db(BARE_DATABASE).collection('orders').countDocuments({ status: 'CONFIRMED' });
  }

  protected async sold(): Promise<unknown> {
    return (await this.client.db(BARE_DATABASE).collection('stock').findOne({}))?.sold;
  }
}

function assertEqual(what: string, found: unknown, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${wanted}`);
}
