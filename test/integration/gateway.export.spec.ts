import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import type { Db } from 'mongodb';
import { Types } from 'mongoose';
import { orderStatuses, tiers } from '@suite/contracts';
import { orderRecord } from '../support/counting';
import { Front } from '../support/front';
import { codeIn, GatewayProcess, makeToken, START_MS } from '../support/gateways';
import { growthOf } from '../support/memory';
import { OrderSuite } from '../support/orders';
import type { Service } from '../support/service';

jest.setTimeout(120_000);

const ORDERS = 30_000;
/** Orders of one portion; the gateway asks for so many at a time. */
const PORTION = 500;
const LATEST = Date.UTC(2026, 4, 6, 12);
const timeOf = (i: number) => new Date(LATEST - i * 1_000);
const MOST_MB = 150;

type Row = Record<string, string>;
const rowsIn = (text: string): Row[] => parse<Row>(text, { columns: true });

describe('an export', () => {
  let suite: OrderSuite;
  let gateway: GatewayProcess;
  let front: Front;
  let replicas: Service[];
  let db: Db;
  const token = makeToken({ role: 'admin' });
  const records = Array.from({ length: ORDERS }, (_, i) =>
    orderRecord({
      at: timeOf(i),
      tier: tiers[i % 2],
      status: orderStatuses[(i >> 1) % orderStatuses.length],
      items: [{ productId: new Types.ObjectId(), price: 1_999, quantity: 1 + (i % 3) }],
    }),
  );
  const ids = records.map(({ _id }) => String(_id));

  beforeAll(async () => {
    suite = await OrderSuite.start('orders', 'orders');
    replicas = [...suite.services];
    gateway = await GatewayProcess.start(suite.wires);
    front = await Front.find({ GATEWAY_UPSTREAM: new URL(gateway.origin).host, NGINX_RESOLVER: '127.0.0.1' });
    await front.start();
    db = suite.wires.database('orders');
    for (let i = 0; i < ORDERS; i += 5_000) await db.collection('orders').insertMany(records.slice(i, i + 5_000));
  }, START_MS);
  afterAll(async () => {
    await front?.stop();
    await gateway?.stop();
    await suite?.stop();
  });

  const get = (query = '') => gateway.get(`/admin/orders/export.csv${query}`, { token });

  /** The answer as it comes, for who does not want all of it. */
  async function open(origin: string): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(`${origin}/admin/orders/export.csv`, { headers, agent: false }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer;
  }

  /** How often orders were read while `work` went on. */
  async function readsDuring(work: () => Promise<unknown>): Promise<number> {
    await db.command({ profile: 2 });
    await work();
    await db.command({ profile: 0 });
    const reads = await db
      .collection('system.profile')
      .countDocuments({ ns: `${db.databaseName}.orders`, 'command.find': 'orders' });
    await db.collection('system.profile').drop();
    return reads;
  }

  it('has every order once, newest first, in constant memory', async () => {
    // Once before, so that what is measured is not the first use of everything.
    await get('?tier=vip');
    const pids = [gateway.service, ...replicas].map((service) => service.process.pid!);
    const { result, grown } = await growthOf(pids, () => get());
    expect(result.status).toBe(200);
    expect(rowsIn(result.text).map(({ id }) => id)).toEqual(ids);
    expect(Math.max(...grown)).toBeLessThan(MOST_MB);
  });

  it('is a file of UTF-8 with a name, which no proxy gathers', async () => {
    const { headers } = await get(`?from=${timeOf(1).toISOString()}`);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringMatching(/^attachment; filename="orders-\d{4}-\d\d-\d\dT\d{4}Z\.csv"$/),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  });

  it('has what the list of the same filters has, value by value', async () => {
    const query = `tier=vip&status=CONFIRMED&from=${timeOf(2_000).toISOString()}&to=${timeOf(500).toISOString()}`;
    const list = await gateway.get(`/admin/orders?limit=100&${query}`, { token });
    const listed = list.json.data as Record<string, string | number | { quantity: number }[]>[];
    const rows = rowsIn((await get(`?${query}`)).text);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(
      listed.map((order): unknown =>
        expect.objectContaining({
          id: order.id,
          number: order.number,
          createdAt: order.createdAt,
          status: 'CONFIRMED',
          tier: 'vip',
          userId: order.userId,
          total: (order.total as number).toFixed(2),
          items: '1',
          quantity: String((order.items as { quantity: number }[])[0].quantity),
        }),
      ),
    );
  });

  it('of nothing has the names of its columns', async () => {
    const { status, text } = await get('?to=2020-01-01');
    expect([status, text.split(',').length, text.endsWith('\r\n'), rowsIn(text)]).toEqual([200, 19, true, []]);
  });

  it('is not made for whoever only asks whether it is there', async () => {
    const head = () => gateway.call('HEAD', '/admin/orders/export.csv', { token });
    expect(await readsDuring(async () => expect((await head()).status).toBe(200))).toBeLessThan(3);
  });

  it.each(['from=yesterday', 'from=2026-02-30', 'from=2026-05-04&to=2026-05-03', 'page=1', 'tier=gold', 'userId=1'])(
    'is refused for %s',
    async (query) => expect(codeIn(await get(`?${query}`))).toBe('400 VALIDATION_FAILED'),
  );

  it('brings no formula to whoever opens it', async () => {
    const name = '=HYPERLINK("http://example.com";"x")';
    const shippingAddress = {
      street: '@SUM(1)',
      city: '+1',
      state: '-1',
      zipCode: '\t=1',
      country: 'Österreich\r\nUS',
    };
    const order = {
      ...orderRecord({ at: new Date(LATEST + 1_000), tier: 'vip', items: records[0].items }),
      shippingAddress,
    };
    await db.collection('orders').insertOne({ ...order, customer: { email: 'jo@example.com', name } });
    const [row] = rowsIn((await get(`?from=${order.createdAt.toISOString()}`)).text);
    await db.collection('orders').deleteOne({ _id: order._id });
    expect(row).toMatchObject({
      name: `'${name}`,
      street: `'@SUM(1)`,
      city: `'+1`,
      state: `'-1`,
      zipCode: `'\t=1`,
      country: 'Österreich\r\nUS',
    });
  });

  it('reads nothing any more once its client has gone', async () => {
    const whole = ORDERS / PORTION;
    const reads = await readsDuring(async () => {
      const answer = await open(gateway.origin);
      await once(answer, 'data');
      answer.destroy();
      // As long as the first would have taken, had it gone on.
      await get();
    });
    expect(reads).toBeLessThan(whole * 1.5);
  });

  it('goes on when a replica is killed in the middle of it', async () => {
    const answer = await open(gateway.origin);
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      if (text === '') replicas.shift()!.process.kill('SIGKILL');
      text += chunk;
    }
    expect(rowsIn(text).map(({ id }) => id)).toEqual(ids);
  });

  it('breaks off where it cannot go on, and does not look complete, through Nginx either', async () => {
    // Nobody can make a row of this one.
    const broken = { _id: records[ORDERS >> 1]._id };
    await db.collection('orders').updateOne(broken, { $unset: { customer: 1 } });
    for (const origin of [gateway.origin, front.url]) {
      const answer = await open(origin);
      const chunks: Buffer[] = [];
      const whole = (async () => {
        for await (const chunk of answer) chunks.push(chunk as Buffer);
      })();
      await expect(whole).rejects.toThrow('aborted');
      expect(answer.statusCode).toBe(200);
      expect(Buffer.concat(chunks).toString()).toMatch(/^id,number,/);
    }
    expect(gateway.service.log).toContain('An export broke off');
    await db.collection('orders').updateOne(broken, { $set: { customer: records[0].customer } });
  });
});
