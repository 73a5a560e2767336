import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Types } from 'mongoose';
import { eventually } from '../support/eventually';
import { oneOf, OrderSuite } from '../support/orders';
import { someCaller, someProduct } from '../support/stock';

jest.setTimeout(120_000);

describe('orders in bad weather', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weather-'));
  const rules = join(folder, 'failpoints.json');
  let suite: OrderSuite;
  const setRules = (...list: object[]) => writeFileSync(rules, JSON.stringify(list));

  beforeAll(async () => {
    setRules();
    suite = await OrderSuite.start('stock');
    await suite.add('orders', { FAILPOINTS: rules });
    await suite.add('processor', { FAILPOINTS: rules, RECONCILE_EVERY_MS: '300' });
  }, 60_000);
  afterAll(async () => {
    await suite?.stop();
    rmSync(folder, { recursive: true });
  });

  it('are not given up for it, nor for the one error that comes after it', async () => {
    setRules(
      { name: 'weather', at: 'order.reserved', action: 'throw', times: 6 },
      { name: 'error', at: 'order.reserved', action: 'break', times: 1 },
    );
    const { order } = await suite.place(oneOf(await someProduct(suite.wires)), { caller: someCaller() });
    expect(await suite.ended(order.id, 60_000)).toMatchObject({ status: 'CONFIRMED' });
    const job = await suite.queue().getJob(`order-${order.id}-0`);
    expect([job!.attemptsMade, job!.progress]).toEqual([8, expect.objectContaining({ broken: 1 })]);
  });

  it('are placed once though Redis has no room on its disk while the answer is on its way', async () => {
    const { redis } = suite.wires;
    setRules({ name: 'slow', at: 'order.accepted', action: 'slow', ms: 400 });
    const [, data] = await redis.config('GET', 'dir');
    const dump = join(data, 'dump.rdb');
    if (existsSync(dump)) renameSync(dump, `${dump}.kept`);
    // A folder where its file should be: it cannot save, and takes no writes as long as it wants to.
    mkdirSync(join(dump, 'full'), { recursive: true });
    const caller = someCaller();
    const placed = () =>
      suite.wires
        .database('orders')
        .collection('orders')
        .countDocuments({ userId: new Types.ObjectId(caller.userId) });
    try {
      await redis.bgsave();
      await eventually(async () => expect(await redis.info('persistence')).toContain('rdb_last_bgsave_status:err'));
      const product = await someProduct(suite.wires);
      const placing = suite.place(oneOf(product), { caller }).catch((error: Error) => error);
      await eventually(async () => expect(await placed()).toBe(1), { everyMs: 5 });
      await redis.config('SET', 'save', '100000 1000000');
      const refused = /cmdstat_xack:.*rejected_calls=[1-9]/;
      await eventually(async () => expect(await redis.info('commandstats')).toMatch(refused), { everyMs: 5 });
      await redis.config('SET', 'save', '');
      expect(await placing).not.toBeInstanceOf(Error);
      const other = await suite.place(oneOf(product), { caller });
      await suite.ended(other.order.id);
      expect(await placed()).toBe(2);
    } finally {
      await redis.config('SET', 'save', '');
      rmSync(dump, { recursive: true });
      if (existsSync(`${dump}.kept`)) renameSync(`${dump}.kept`, dump);
    }
  });
});
