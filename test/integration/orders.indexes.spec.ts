import { Types } from 'mongoose';
import type { Db } from 'mongodb';
import { orders, orderStatuses, tiers, type AllOrdersQuery } from '@suite/contracts';
import { orderRecord } from '../support/counting';
import { eventually } from '../support/eventually';
import { OrderSuite } from '../support/orders';
import { someAdmin, someCaller } from '../support/stock';

/** What MongoDB's profiler wrote down of one read. */
interface Profile {
  op: string;
  planSummary: string;
  keysExamined?: number;
  docsExamined?: number;
  hasSortStage?: boolean;
  command: { find?: string; aggregate?: string; pipeline?: object[] };
}

const USERS = 5;
const ORDERS = 1_500;
const LIMIT = 10;
/** An index is read in one sorted range for each status and tier that is not asked for. */
const RANGES = orderStatuses.length * tiers.length;
const LATEST = Date.UTC(2026, 4, 6, 12);

/** Asks MongoDB itself how it ran what the service really sends; explaining copies of the queries would prove less. */
describe('the indexes of orders', () => {
  let suite: OrderSuite;
  let db: Db;
  const userIds = Array.from({ length: USERS }, () => new Types.ObjectId());
  const admin = { caller: someAdmin };

  beforeAll(async () => {
    suite = await OrderSuite.start('orders');
    db = suite.wires.database('orders');
    const records = Array.from({ length: ORDERS }, (_, i) => ({
      ...orderRecord({
        at: new Date(LATEST - i * 1_000),
        tier: tiers[i % 2],
        status: orderStatuses[(i >> 1) % orderStatuses.length],
        items: [{ productId: new Types.ObjectId(), price: 100, quantity: 1 }],
      }),
      userId: userIds[i % USERS],
    }));
    await db.collection('orders').insertMany(records);
  });
  afterAll(() => suite?.stop());

  /** The reads of orders that `work` caused. */
  async function profiled(work: () => Promise<unknown>): Promise<Profile[]> {
    await db.command({ profile: 2 });
    await work();
    await db.command({ profile: 0 });
    const found = await db
      .collection('system.profile')
      .find({ ns: `${db.databaseName}.orders`, op: { $in: ['query', 'command'] }, planSummary: { $exists: true } })
      .toArray();
    await db.collection('system.profile').drop();
    return found as unknown as Profile[];
  }

  /** Every index that was read, once each. */
  const indexesOf = (profiles: Profile[]): string[] => [
    ...new Set(profiles.flatMap(({ planSummary }) => planSummary.split(/, (?=[A-Z]+)/))),
  ];

  const filters: Record<string, AllOrdersQuery> = {
    status: { status: 'CONFIRMED' },
    tier: { tier: 'vip' },
    user: { userId: String(userIds[0]) },
    'a time': { from: new Date(LATEST - 1_200_000).toISOString(), to: new Date(LATEST - 30_000).toISOString() },
  };
  const names = Object.keys(filters);
  const combinations = Array.from({ length: 2 ** names.length }, (_, bits) => {
    const chosen = names.filter((_name, i) => bits & (1 << i));
    const query = Object.assign({}, ...chosen.map((name) => filters[name])) as AllOrdersQuery;
    return { by: chosen.join(' and ') || 'nothing', query };
  });

  it.each(combinations)(
    'serve all orders by $by, at any depth, without sorting or looking further',
    async ({ query }) => {
      const list = (more: AllOrdersQuery) =>
        suite.wires.ask(orders.listAll, { ...query, limit: LIMIT, ...more }, admin);
      const index = query.userId === undefined ? '{ status: 1,' : '{ userId: 1, status: 1,';
      let cursor: string | undefined;
      for (let depth = 0; depth < 3; depth++) {
        const profiles = await profiled(async () => {
          cursor = (await list(cursor === undefined ? {} : { cursor })).meta.nextCursor;
        });
        const [page, ...others] = profiles.filter(({ command }) => command.find);
        expect(others).toEqual([]);
        expect(indexesOf([page])).toEqual([
          expect.stringContaining(`IXSCAN ${index} tier: 1, createdAt: -1, _id: -1 }`),
        ]);
        expect(page.hasSortStage).toBeFalsy();
        // The page, the one after it, and the last one shown before.
        expect(page.docsExamined).toBeLessThanOrEqual(LIMIT + 2);
        expect(page.keysExamined).toBeLessThanOrEqual(LIMIT + 2 + 2 * RANGES);
        // Whatever is counted is counted on an index, and the whole is not.
        expect(indexesOf(profiles).filter((summary) => /COLLSCAN/.test(summary))).toEqual([]);
        if (!cursor) break;
      }
    },
  );

  it('serve a page that is asked for by its number without looking at the orders before it', async () => {
    const profiles = await profiled(() => suite.wires.ask(orders.listAll, { page: 100, limit: LIMIT }, admin));
    const [skipped, page] = profiles.filter(({ command }) => command.find);
    expect([skipped.docsExamined, skipped.hasSortStage]).toEqual([0, undefined]);
    expect(page.docsExamined).toBeLessThanOrEqual(LIMIT + 2);
  });

  it('serve one number', async () => {
    const { items } = await suite.wires.ask(orders.listAll, { limit: 1 }, admin);
    const one = () => suite.wires.ask(orders.listAll, { number: items[0].number }, admin);
    for (const profile of await profiled(one)) {
      expect(profile.planSummary).toMatch(/^(IXSCAN|COUNT_SCAN) \{ number: 1 \}$/);
      expect(profile.docsExamined).toBeLessThanOrEqual(1);
    }
  });

  it('serve the orders of a user', async () => {
    const caller = someCaller({ userId: String(userIds[1]) });
    for (const query of [{}, { status: 'SHIPPED' as const }]) {
      const profiles = await profiled(() => suite.wires.ask(orders.list, { ...query, limit: LIMIT }, { caller }));
      const summaries = indexesOf(profiles).map((summary) => summary.replace(/^\w+ /, ''));
      expect(new Set(summaries)).toEqual(new Set(['{ userId: 1, status: 1, tier: 1, createdAt: -1, _id: -1 }']));
      expect(Math.max(...profiles.map(({ docsExamined = 0 }) => docsExamined))).toBeLessThanOrEqual(LIMIT + 1);
    }
  });

  it('serve exports', async () => {
    const body = { limit: LIMIT, tier: 'vip' as const };
    const [page] = await profiled(() => suite.wires.ask(orders.exportPage, body, admin));
    expect(indexesOf([page])).toEqual(['IXSCAN { status: 1, tier: 1, createdAt: -1, _id: -1 }']);
    expect([page.hasSortStage, page.docsExamined]).toEqual([undefined, LIMIT + 1]);
  });

  it('serve the figures: of orders only those are read that no bucket has', async () => {
    const query = { from: new Date(LATEST - 1_211_000).toISOString(), to: new Date(LATEST - 7_000).toISOString() };
    const profiles = await profiled(() => suite.wires.ask(orders.summary, query, admin));
    expect(indexesOf(profiles).filter((summary) => !/^(IXSCAN|EOF)/.test(summary))).toEqual([]);
    // The ends: at most half a minute each, an order a second.
    const looked = profiles.reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0);
    expect(looked).toBeLessThanOrEqual(60);
  });

  it('of older versions are dropped by the first start of this one, and nobody else’s', async () => {
    const names = async () => (await db.collection('orders').indexes()).map(({ name }) => name).sort();
    const asCreated = await names();
    await db
      .collection('orders')
      .createIndexes([
        { key: { userId: 1, createdAt: -1, _id: -1 } },
        { key: { userId: 1, status: 1, createdAt: -1, _id: -1 } },
        { key: { tier: 1, createdAt: 1 }, name: 'lanes', partialFilterExpression: { status: 'PENDING' } },
        { key: { 'customer.email': 1 }, name: 'made_by_hand' },
      ]);
    expect(await names()).toHaveLength(asCreated.length + 4);
    await db.collection('migrations').deleteMany({});
    await Promise.all([suite.add('orders'), suite.add('processor')]);
    await eventually(async () => expect(await names()).toEqual([...asCreated, 'made_by_hand'].sort()));
    const log = suite.services.map((service) => service.log).join('');
    // On the fresh database, and now; each time by one of them.
    expect(log.match(/Migrated orders: 2026-11-27-drop-former-lists/g)).toHaveLength(2);
  });
});
