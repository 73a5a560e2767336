import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { mongo } from 'mongoose';
import { always } from '../../apps/orders/src/time-range';
import { orderFilter, type WantedOrders } from '../../apps/orders/src/order-filter';
import { findPage, type WantedPage } from '../../apps/orders/src/order-pages';
import type { OrderRecord } from '../../apps/orders/src/order.schema';
import { assertDurable, bench, say, sayNothingMore, type BenchReport } from './bench';
import { BigShop } from './reads.shop';
import { runRounds, type Way } from './rounds';

const LIMIT = 20;
const ROUNDS = 3;
const SLICE_MS = 1_000;
const DAY = 86_400_000;

interface ReadWay extends Way {
  /** What an index has to be shown to serve; the baselines are what they are. */
  baseline?: boolean;
}

interface ReadRow {
  name: string;
  p50: number;
  p99: number;
  /** Examined by the last read of orders: index keys, and documents. None where no order was read. */
  keys: number;
  documents: number;
  plan: string;
}

interface ReadsReport extends BenchReport {
  guarantees: string;
  orders: number;
  rows: ReadRow[];
}

const { orders: given } = parseArgs({ options: { orders: { type: 'string' }, json: { type: 'boolean' } } }).values;

async function measure(): Promise<ReadsReport> {
  const size = Number(given ?? 1_000_000);
  if (!Number.isInteger(size) || size < 1_000) throw new Error('--orders is a whole number from 1,000 on');
  const shop = await BigShop.build(size);
  const { rig } = shop;
  const guarantees = await assertDurable([rig.connection.getClient()]);
  const ways = await waysOf(shop);
  const outcomes = await runRounds(ways, {
    ...{ callers: 1, rounds: ROUNDS, sliceMs: SLICE_MS },
    onSlice: (way, round) => say(`Round ${round} of ${ROUNDS}`, `: ${way}`),
  });
  const rows: ReadRow[] = [];
  const wrongs: string[] = [];
  for (const [i, way] of ways.entries()) {
    const { name, p50, p99 } = outcomes[i];
    const explained = await explain(shop, way);
    rows.push({ name, p50, p99, ...explained });
    const fine = /^IXSCAN/.test(explained.plan) && !/SORT(?!_MERGE)/.test(explained.plan);
    if (!way.baseline && explained.plan !== '' && !fine) wrongs.push(`${name} is not served by an index`);
    if (!way.baseline && explained.documents > LIMIT + 2) wrongs.push(`${name} looks at ${explained.documents} orders`);
  }
  sayNothingMore();
  await rig.close();
  return { guarantees, orders: size, rows, wrongs };
}

async function waysOf(shop: BigShop): Promise<ReadWay[]> {
  const { rig, size, user, earliest, latest } = shop;
  const orders = rig.orders.collection as unknown as mongo.Collection<OrderRecord>;
  const deep = Math.floor(size * 0.9);
  const page = (name: string, wanted: WantedOrders, where: Partial<WantedPage> = {}): ReadWay => ({
    name,
    once: async () => (await findPage([orders], orderFilter(wanted), { limit: LIMIT, ...where })).found.length > 0,
  });
  /** Of the last order before that depth. */
  const cursorAt = async (wanted: WantedOrders, skipped: number): Promise<string> =>
    (await findPage([orders], orderFilter(wanted), { limit: 1, page: skipped })).nextCursor!;
  const all = orderFilter({});
  const some: WantedOrders = { status: 'DELIVERED', tier: 'vip' };
  const own: WantedOrders = { userId: String(user) };
  const week = { from: latest - 40 * DAY, to: latest - 33 * DAY };
  return [
    page('first page', {}),
    page('deep page, by cursor', {}, { cursor: await cursorAt({}, deep) }),
    page('deep page, by its number', {}, { page: Math.ceil(deep / LIMIT) }),
    {
      name: 'deep page, skipping (baseline)',
      baseline: true,
      once: async () => {
        const sorted = orders.find(all.filter).hint(all.hint).sort({ createdAt: -1, _id: -1 });
        return (await sorted.skip(deep).limit(LIMIT).toArray()).length > 0;
      },
    },
    page('status and tier, first page', some),
    page('status and tier, deep page by cursor', some, { cursor: await cursorAt(some, Math.floor(size * 0.1)) }),
    page('one week, first page', { placed: week }),
    page('one user, first page', own),
    page('one user, deep page by cursor', own, { cursor: await cursorAt(own, Math.floor(size * 0.008)) }),
    page('one user and status, first page', { ...own, status: 'SHIPPED' }),
    { name: 'how many there are, and revenue', once: () => rig.figures.sales([always]).then(() => true) },
    {
      name: 'the same of a week',
      once: () => rig.figures.sales([{ from: earliest + 40 * DAY + 1, to: earliest + 47 * DAY + 1 }]).then(() => true),
    },
    {
      name: 'best products of all time',
      once: () => rig.products.best(always, { by: 'units', limit: 10 }).then((best) => best.length === 10),
    },
    {
      name: 'how many there are, counting (baseline)',
      baseline: true,
      once: () => orders.countDocuments(all.filter, { hint: all.hint }).then((count) => count === size),
    },
  ];
}

/** How MongoDB runs what this way really sends: its last read of orders. */
async function explain({ rig, sent }: BigShop, way: ReadWay): Promise<Pick<ReadRow, 'keys' | 'documents' | 'plan'>> {
  sent.length = 0;
  await way.once(0);
  const read = sent.findLast(({ commandName }) => commandName === 'find');
  if (!read) return { keys: 0, documents: 0, plan: '' };
  const { find, filter, sort, hint, limit, skip, projection } = read;
  const command = { find, filter, sort, hint, limit, skip, projection };
  const given = Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
  const { executionStats, queryPlanner } = await rig.db.command({ explain: given, verbosity: 'executionStats' });
  const stats = executionStats as { totalKeysExamined: number; totalDocsExamined: number };
  const stages = [...JSON.stringify(queryPlanner).matchAll(/"stage":"(\w+)"/g)].map(([, stage]) => stage);
  return {
    keys: stats.totalKeysExamined,
    documents: stats.totalDocsExamined,
    plan: [...new Set(stages.toReversed())].join(' → '),
  };
}

function textOf({ guarantees, orders, rows, wrongs }: ReadsReport): string {
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const cells = (values: (string | number)[]) =>
    values.map((value) => (typeof value === 'number' ? figure(value) : value).padStart(11)).join('');
  return [
    '',
    `${orders.toLocaleString('en')} orders, ${LIMIT} a page`,
    `  ${''.padEnd(width)}${cells(['p50 ms', 'p99 ms', 'keys', 'orders'])}  plan`,
    ...rows.map((row) =>
      `  ${row.name.padEnd(width)}${cells([row.p50, row.p99, row.keys, row.documents])}  ${row.plan}`.trimEnd(),
    ),
    '',
    `${guarantees}. Keys and orders: examined for a page. Figures are read from buckets and need none.`,
    wrongs.length > 0 ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n') : 'Every list is served by an index.',
    '',
  ].join('\n');
}

const figure = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

bench(measure, textOf);
