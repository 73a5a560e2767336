import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Types } from 'mongoose';
import { auth, ERASED, orders, type Order, type OrderPage, type OrderQuery, type Product } from '@suite/contracts';
import { Shopper } from '../support/carts';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { recount, withPicture, wrongsOf } from '../support/oracle';
import { OrderLife } from '../support/order-life';
import { oneOf, OrderSuite } from '../support/orders';
import { Service } from '../support/service';
import { someAdmin, someCaller, someProduct } from '../support/stock';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;
const quick = { RECONCILE_EVERY_MS: '200', RELAY_EVERY_MS: '200' };
const archiving = { ...quick, ORDER_ARCHIVE_DAYS: '30', ORDER_ARCHIVE_EVERY_MS: '200' };
const admin = { caller: someAdmin };

describe('the archive of orders', () => {
  let suite: OrderSuite;
  let life: OrderLife;
  let product: Product;
  let processor: Service;
  const folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
  const FAILPOINTS = join(folder, 'rules.json');

  const collection = (name: string) => suite.wires.database('orders').collection(name);
  const idOf = ({ id }: Pick<Order, 'id'>) => new Types.ObjectId(id);
  const idsIn = async (name: string, some: Pick<Order, 'id'>[]) => {
    const found = await collection(name)
      .find({ _id: { $in: some.map(idOf) } }, { projection: { _id: 1 } })
      .toArray();
    return found.map(({ _id }) => String(_id)).sort();
  };
  const ids = (...some: Pick<Order, 'id'>[]) => some.map(({ id }) => id).sort();
  const own = (order: Pick<Order, 'userId'>) => ({ caller: someCaller({ userId: order.userId }) });

  /** As if it had happened a hundred days ago; then reports, which go by the time of placing, are to be counted anew. */
  async function grownOld(...some: Pick<Order, 'id'>[]): Promise<void> {
    const back = (field: string) => ({ $subtract: [field, 100 * DAY_MS] });
    const older = { createdAt: back('$createdAt'), updatedAt: back('$updatedAt') };
    const filter = { _id: { $in: some.map(idOf) } };
    await eventually(async () =>
      expect(await collection('orders').countDocuments({ ...filter, outbox: {} })).toBe(some.length),
    );
    await collection('orders').updateMany(filter, [{ $set: older }]);
  }
  async function rebuild(): Promise<void> {
    const service = await Service.start('apps/orders/src/rebuild.main.ts', suite.wires.environment);
    if (service.runs) await once(service.process, 'exit');
    expect(service.log).toContain('Built anew');
  }
  async function archived(...some: Pick<Order, 'id'>[]): Promise<void> {
    await eventually(async () => expect(await idsIn('ordersArchive', some)).toEqual(ids(...some)), {
      timeoutMs: 30_000,
    });
  }
  /** A note makes no order young: the next look would take it away again. */
  async function whileNobodyLooks(work: () => Promise<void>): Promise<void> {
    processor.process.kill('SIGSTOP');
    await work().finally(() => processor.process.kill('SIGCONT'));
  }
  async function expectSound(): Promise<void> {
    expect(await suite.wires.ask(orders.audit, {}, admin)).toMatchObject({ sound: true });
    const { MONGODB_URI } = suite.wires.environment;
    expect(wrongsOf(await withPicture(MONGODB_URI!, (picture) => recount(picture, { quiet: true })))).toEqual([]);
  }
  /** All that can be seen of all orders and of one customer's, page by page, by number and by cursor. */
  async function seen(userId: string) {
    const pages: OrderPage[] = [];
    for (const [contract, options] of [
      [orders.listAll, admin],
      [orders.list, own({ userId })],
    ] as const) {
      const ask = (query: OrderQuery) => suite.wires.ask(contract, { limit: 2, ...query }, options);
      for (const page of [1, 2, 3]) pages.push(await ask({ page }));
      for (let cursor = pages.at(-3)!.meta.nextCursor; cursor;) {
        pages.push(await ask({ cursor }));
        cursor = pages.at(-1)!.meta.nextCursor;
      }
    }
    const exported = await suite.wires.ask(orders.exportPage, { limit: 100 }, admin);
    const from = new Date(Date.now() - 101 * DAY_MS);
    const sums = [{}, { from: from.toISOString(), to: new Date(Date.now() - 99 * DAY_MS).toISOString() }];
    const figures = await Promise.all(sums.map((query) => suite.wires.ask(orders.summary, query, admin)));
    return { pages, exported, figures };
  }

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders');
    processor = await suite.add('processor', quick);
    life = new OrderLife(suite);
    product = await someProduct(suite.wires, { initialStock: 1_000 });
  });
  afterAll(async () => {
    await suite?.stop();
    rmSync(folder, { recursive: true });
  });

  const delivered = async () => {
    const order = await life.confirmed(product);
    await life.ship(order);
    await life.setStatus(order, { status: 'DELIVERED' });
    return order;
  };
  const cancelled = async () => life.cancel(await life.confirmed(product));

  it('takes what ended long ago, and nothing else; lists, exports, figures and audits are as before', async () => {
    const [one, other, gone] = [await delivered(), await delivered(), await cancelled()];
    const [confirmed, young, letter] = [await life.confirmed(product), await delivered(), await cancelled()];
    const refunded = await life.confirmed(product, 2);
    await life.refund(refunded);
    await grownOld(one, other, gone, confirmed, refunded, letter);
    await collection('orders').updateOne(
      { _id: idOf(letter) },
      { $set: { 'failure.code': 'PROCESSING_FAILED' } }, // as one has it that may be replayed
    );
    await rebuild();
    const { userId } = one;
    const before = await seen(userId);
    expect(before.pages[0].meta.total).toBe(7);

    await processor.stop();
    processor = await suite.add('processor', { ...archiving, FAILPOINTS });
    await archived(one, other, gone, refunded);
    expect(await idsIn('orders', [one, other, gone, refunded])).toEqual([]);
    expect(await idsIn('orders', [confirmed, young, letter])).toEqual(ids(confirmed, young, letter));
    expect(await seen(userId)).toEqual(before);
    await rebuild();
    expect(await seen(userId)).toEqual(before);
    await collection('orders').updateOne({ _id: idOf(letter) }, { $unset: { failure: 1 } });
    await expectSound();
  });

  it('shows an order to its owner and to admins, by its id and its number, and to nobody else', async () => {
    const order = await delivered();
    const get = () => suite.wires.ask(orders.get, { id: order.id }, own(order));
    const before = await get();
    await grownOld(order);
    await archived(order);
    expect({ ...(await get()), createdAt: before.createdAt, updatedAt: before.updatedAt }).toEqual(before);
    expect((await suite.order(order.id)).id).toBe(order.id);
    expect((await suite.wires.ask(orders.find, { number: order.number }, admin)).id).toBe(order.id);
    expect(await suite.wires.ask(orders.story, { id: order.id }, admin)).toMatchObject({
      order: { id: order.id },
      claims: 1,
    });
    const stranger = suite.wires.ask(orders.get, { id: order.id }, { caller: someCaller() });
    await expect(stranger).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' });
    const cancelling = suite.wires.ask(orders.cancel, { id: order.id }, own(order));
    await expect(cancelling).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('gives an order back to whoever does something to it: a note, a refund', async () => {
    const [noted, refunded] = [await delivered(), await delivered()];
    await grownOld(noted, refunded);
    await rebuild();
    await archived(noted, refunded);
    await whileNobodyLooks(async () => {
      await suite.wires.ask(orders.addNote, { id: noted.id, text: 'She has called' }, admin);
      const { order } = await life.refund(refunded, { restock: true, reason: 'Broken' });
      expect(order).toMatchObject({ status: 'REFUNDED', total: refunded.total });
      expect(await idsIn('orders', [noted, refunded])).toEqual(ids(noted, refunded));
      expect(await idsIn('ordersArchive', [noted, refunded])).toEqual([]);
    });
    await expect(
      suite.wires.ask(orders.addNote, { id: String(new Types.ObjectId()), text: 'Hm' }, admin),
    ).rejects.toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
    await eventually(expectSound);
  });

  it('forgets people as the others do', async () => {
    const caller = someCaller();
    const { order } = await suite.place(oneOf(product), { caller });
    await suite.ended(order.id);
    await suite.cancel(order);
    await grownOld(order);
    await archived(order);
    await suite.wires.tell(auth.userErased, { userId: caller.userId, at: new Date().toISOString() });
    await eventually(async () =>
      expect(await collection('ordersArchive').findOne({ _id: idOf(order) })).toMatchObject({
        customer: { email: ERASED.email },
      }),
    );
  });

  it('frees the idempotency key, also for an order that comes back later', async () => {
    const options = { caller: someCaller(), idempotencyKey: 'the-key' };
    const { order: first } = await suite.place(oneOf(product), options);
    await suite.ended(first.id);
    await suite.cancel(first);
    expect(await suite.place(oneOf(product), options)).toMatchObject({ replayed: true });
    await grownOld(first);
    await rebuild();
    await archived(first);
    const { order: second, replayed } = await suite.place(oneOf(product), options);
    expect([replayed, second.id === first.id]).toEqual([false, false]);
    await whileNobodyLooks(async () => {
      await suite.wires.ask(orders.addNote, { id: first.id, text: 'Ordered twice, it seems' }, admin);
      expect(await idsIn('orders', [first, second])).toEqual(ids(first, second));
    });
    await suite.ended(second.id);
    await eventually(expectSound);
  });

  it('leaves an order where it is for as long as a cart does not know that it was bought', async () => {
    const jo = new Shopper(suite);
    await jo.add({ stockId: product.stock.id, quantity: 3 });
    const cart = await collection('carts').findOne({ _id: new Types.ObjectId(jo.caller.userId) });
    const { order } = await jo.checkout();
    await suite.ended(order.id);
    await suite.wires.ask(orders.cancel, { id: order.id }, jo);
    const other = await cancelled();
    // As if the process had died before it could take it out.
    await collection('carts').replaceOne({ _id: cart!._id }, { ...cart, version: 99 });
    await grownOld(order, other);
    await archived(other);
    expect(await idsIn('orders', [order])).toEqual(ids(order));
    expect((await jo.cart()).items).toEqual([]);
    await archived(order);
  });

  it('loses and doubles nothing when a process is killed while it moves them', async () => {
    const many = await Promise.all(times(12).map(cancelled));
    const rule = { name: 'archiving', at: 'order.archiving', action: 'kill', times: 1 };
    writeFileSync(FAILPOINTS, JSON.stringify([rule]));
    await grownOld(...many);
    if (processor.runs) await once(processor.process, 'exit');
    expect(processor.process.signalCode).toBe('SIGKILL');
    expect(await idsIn('ordersArchive', many)).toEqual([]);
    expect(await idsIn('orders', many)).toEqual(ids(...many));
    await rebuild();
    processor = await suite.add('processor', archiving);
    // The transaction of the killed one is forgotten by the server within seconds.
    await archived(...many);
    expect(await idsIn('orders', many)).toEqual([]);
    await expectSound();
  });
});
