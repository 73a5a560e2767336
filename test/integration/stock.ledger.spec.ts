import { MongoServerError, type CollectionInfo } from 'mongodb';
import { Types } from 'mongoose';
import { stock, type Product } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { Service } from '../support/service';
import { audit, expectSound, newId, reserveBody, someAdmin, someCaller, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

describe('the stock ledger', () => {
  let wires: Wires;
  let service: Service;

  beforeAll(async () => {
    wires = await openWires();
    service = await Service.start('apps/stock/src/main.ts', wires.environment);
  });

  afterAll(async () => {
    await service.stop();
    await wires.close();
  });

  const db = () => wires.database('stock');
  const counters = async (product: Product) => (await audit(db(), product.stock.id)).counters;

  describe('reservations', () => {
    it('are held, committed and given back, once each however often they are asked for', async () => {
      const product = await someProduct(wires);
      const body = reserveBody(product, 4);
      const { orderId } = body;

      for (const _again of [1, 2]) expect(await wires.ask(stock.reserve, body)).toEqual({ outcome: 'held' });
      expect(await counters(product)).toEqual({ available: 6, reserved: 4, sold: 0 });
      for (const _again of [1, 2]) await wires.ask(stock.commit, { orderId, epoch: 0 });
      expect(await counters(product)).toEqual({ available: 6, reserved: 0, sold: 4 });
      for (const _again of [1, 2]) await wires.ask(stock.release, { orderId, epoch: 1 });
      expect(await counters(product)).toEqual({ available: 10, reserved: 0, sold: 0 });
      await expectSound(db(), product.stock.id);
    });

    it('take every line or none', async () => {
      const [plenty, scarce] = [await someProduct(wires), await someProduct(wires, { initialStock: 1 })];
      const lines = [
        { stockId: plenty.stock.id, quantity: 2 },
        { stockId: scarce.stock.id, quantity: 1 },
        { stockId: scarce.stock.id, quantity: 1 },
      ];
      const refused = await wires.ask(stock.reserve, reserveBody(plenty, 1, { lines }));
      expect(refused).toEqual({ outcome: 'insufficient', stockId: scarce.stock.id });
      expect(await counters(plenty)).toMatchObject({ available: 10 });
    });

    it('that come after their release take nothing, and can again at a later epoch', async () => {
      const product = await someProduct(wires);
      const body = reserveBody(product, 4);
      await wires.ask(stock.release, { orderId: body.orderId, epoch: 2 });
      expect(await wires.ask(stock.reserve, { ...body, epoch: 1 })).toEqual({ outcome: 'released' });
      expect(await wires.ask(stock.reserve, { ...body, epoch: 3, commit: true })).toEqual({ outcome: 'committed' });
      expect(await counters(product)).toEqual({ available: 6, reserved: 0, sold: 4 });
    });

    it('leave a tombstone that ends by itself, and a retaken one does not', async () => {
      const reservations = db().collection('reservations');
      const body = reserveBody(await someProduct(wires));
      const record = () => reservations.findOne({ _id: new Types.ObjectId(body.orderId) });
      await wires.ask(stock.release, { orderId: body.orderId, epoch: 0 });
      expect(await record()).toMatchObject({ state: 'released', releasedAt: expect.any(Date) });
      await wires.ask(stock.reserve, { ...body, epoch: 1 });
      expect(await record()).not.toHaveProperty('releasedAt');
      const ends = (await reservations.indexes()).filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
      expect(ends).toMatchObject([{ key: { releasedAt: 1 }, expireAfterSeconds: 30 * 24 * 3_600 }]);
    });

    it('that do not exist cannot be committed', async () => {
      const refused = wires.ask(stock.commit, { orderId: newId(), epoch: 0 });
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_TRANSITION', extra: { state: 'none' } });
    });

    it('of what never was in stock are refused by name', async () => {
      const stockId = newId();
      const body = { ...reserveBody(await someProduct(wires)), lines: [{ stockId, quantity: 1 }] };
      await expect(wires.ask(stock.reserve, body)).rejects.toMatchObject({
        code: 'STOCK_NOT_FOUND',
        extra: { stockId },
      });
    });

    it('that are asked for together are each answered by itself', async () => {
      const product = await someProduct(wires, { initialStock: 3 });
      const stockId = newId();
      const reservations = [
        reserveBody(product, 2),
        reserveBody(product, 1, { lines: [{ stockId, quantity: 1 }] }),
        reserveBody(product, 2),
        reserveBody(product, 1, { tier: 'vip', commit: true }),
      ];
      const { reserved } = await wires.ask(stock.reserveMany, { reservations });
      expect(reserved[1]).toMatchObject({ problem: { code: 'STOCK_NOT_FOUND', extra: { stockId } } });
      // Whose turn it is among those who come together is the ledger's business: VIPs first.
      expect([0, 2, 3].map((i) => reserved[i].answer?.outcome)).toEqual(['held', 'insufficient', 'committed']);
      expect(await counters(product)).toEqual({ available: 0, reserved: 2, sold: 1 });
    });

    it('still work for what has been archived since it was ordered', async () => {
      const product = await someProduct(wires);
      await wires.ask(stock.archiveProduct, { id: product.id }, { caller: someAdmin });
      expect(await wires.ask(stock.reserve, reserveBody(product))).toEqual({ outcome: 'held' });
    });
  });

  describe('adjustments', () => {
    const adjust = (product: Product, delta: number, idempotencyKey?: string, reason = 'Delivery 4711') =>
      wires.ask(stock.adjust, { stockId: product.stock.id, delta, reason }, { caller: someAdmin, idempotencyKey });

    it('change what was received, and say who and why', async () => {
      const product = await someProduct(wires);
      expect(await adjust(product, -3)).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        stockId: product.stock.id,
        kind: 'adjustment',
        available: -3,
        reserved: 0,
        sold: 0,
        version: 2,
        reason: 'Delivery 4711',
        by: someAdmin.userId,
        at: expect.any(String),
        replayed: false,
      });
      expect(await audit(db(), product.stock.id)).toMatchObject({ received: 7, counters: { available: 7 } });
    });

    it('never go below what is available', async () => {
      const product = await someProduct(wires, { initialStock: 3 });
      await wires.ask(stock.reserve, reserveBody(product, 2));
      await expect(adjust(product, -2)).rejects.toMatchObject({
        code: 'INSUFFICIENT_STOCK',
        extra: { stockId: product.stock.id, requested: 2, available: 1 },
      });
    });

    it('are made once a key, also when they come together, and answered alike', async () => {
      const product = await someProduct(wires);
      const made = await Promise.all(Array.from({ length: 20 }, () => adjust(product, 5, 'delivery-1')));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(await counters(product)).toMatchObject({ available: 15 });
      await expect(adjust(product, 6, 'delivery-1')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      await expect(adjust(await someProduct(wires), 5, 'delivery-1')).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    });

    it('that were refused free their key', async () => {
      const product = await someProduct(wires, { initialStock: 1 });
      await expect(adjust(product, -2, 'fix-1')).rejects.toMatchObject({ code: 'INSUFFICIENT_STOCK' });
      await adjust(product, 1);
      expect(await adjust(product, -2, 'fix-1')).toMatchObject({ available: -2, replayed: false });
    });

    it('and the ledger are for admins', async () => {
      const body = { stockId: (await someProduct(wires)).stock.id, delta: 1, reason: 'Mine' };
      const asUser = { caller: someCaller() };
      await expect(wires.ask(stock.adjust, body, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(wires.ask(stock.movements, body, asUser)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      const { stockId } = body;
      await expect(wires.ask(stock.movements, { stockId }, asUser)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(wires.ask(stock.movements, { stockId })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    });
  });

  it('is told newest first, page by page, without gaps', async () => {
    const product = await someProduct(wires);
    const bodies = Array.from({ length: 12 }, () => reserveBody(product, 1, { commit: true }));
    await Promise.all(bodies.map((body) => wires.ask(stock.reserve, body)));
    const ask = (more: object) =>
      wires.ask(stock.movements, { stockId: product.stock.id, limit: 5, ...more }, { caller: someAdmin });

    const pages = [await ask({})];
    while (pages.at(-1)!.meta.nextCursor) pages.push(await ask({ cursor: pages.at(-1)!.meta.nextCursor }));
    const told = pages.flatMap(({ items }) => items);
    expect(pages.map(({ items }) => items.length)).toEqual([5, 5, 1]);
    expect(told.map(({ kind }) => kind)).toEqual([...Array<string>(10).fill('commit'), 'receipt']);
    expect(told.map(({ version }) => version)).toEqual(told.map(({ version }) => version).sort((a, b) => b - a));
    expect(told.map(({ available }) => available)).toEqual([...Array<number>(10).fill(-1), 10]);
    expect(new Set(told.flatMap(({ orderId }) => orderId ?? [])).size).toBe(10);
    expect(new Set(told.map(({ id }) => id)).size).toBe(11);
    expect(pages[0].meta).toMatchObject({ total: 11, page: 1, limit: 5 });
    expect((await ask({ page: 3 })).items).toEqual(pages[2].items);
    await expect(ask({ stockId: newId() })).rejects.toMatchObject({ code: 'STOCK_NOT_FOUND' });
  });

  describe('is guarded by MongoDB itself', () => {
    it.each([
      ['a negative counter', { $inc: { available: -11, received: -11 } }],
      ['a sum that does not add up', { $inc: { available: 1 } }],
      ['a fraction', { $set: { available: 9.5, received: 9.5 } }],
      ['a missing counter', { $unset: { sold: true } }],
    ])('against %s', async (_what, update) => {
      const product = await someProduct(wires);
      const byHand = db()
        .collection('stock')
        .updateOne({ _id: new Types.ObjectId(product.stock.id) }, update);
      await expect(byHand).rejects.toThrow(MongoServerError);
    });

    it('with a rule that an older database gets at the next start', async () => {
      const rules = async () => (await db().listCollections<CollectionInfo>({ name: 'stock' }).toArray())[0].options;
      const asCreated = await rules();
      await db().command({ collMod: 'stock', validator: {} });
      const newer = await Service.start('apps/stock/src/main.ts', wires.environment);
      await eventually(async () => expect(await rules()).toEqual(asCreated));
      expect(asCreated).toMatchObject({ validator: { $expr: expect.anything() }, validationAction: 'error' });
      await newer.stop();
    });
  });
});
