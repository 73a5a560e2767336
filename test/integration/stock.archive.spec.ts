import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Types, type mongo } from 'mongoose';
import { stock, type Movement, type MovementQuery, type Product } from '@suite/contracts';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { recount, withPicture, wrongsOf } from '../support/oracle';
import { Service } from '../support/service';
import { reserveBody, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;
const OLD_VERSIONS = 12;
const admin = { caller: someAdmin };

describe('the archive of movements', () => {
  let wires: Wires;
  let service: Service;
  let product: Product;
  const folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
  const FAILPOINTS = join(folder, 'rules.json');

  const start = (environment: NodeJS.ProcessEnv) =>
    Service.start('apps/stock/src/main.ts', { ...wires.environment, ...environment });
  /** A replica that archives, and looks for it at once. */
  const archiver = (environment: NodeJS.ProcessEnv = {}) =>
    start({ MOVEMENT_ARCHIVE_DAYS: '30', MOVEMENT_ARCHIVE_EVERY_MS: '200', ...environment });
  const collection = (name: string) => wires.database('stock').collection(name);
  const ofProduct = () => ({ stockId: new Types.ObjectId(product.stock.id) });
  const count = (name: string, version: object = { $gt: 0 }) =>
    collection(name).countDocuments({ ...ofProduct(), version });

  /** Reserved, sold, given back, adjusted: a movement of each kind, some orders together. */
  async function trade(): Promise<void> {
    const bodies = times(4).map(() => reserveBody(product));
    await Promise.all(bodies.map((body) => wires.ask(stock.reserve, body)));
    await Promise.all(bodies.map(({ orderId }) => wires.ask(stock.commit, { orderId, epoch: 0 })));
    await wires.ask(stock.release, { orderId: bodies[0].orderId, epoch: 1 });
    await wires.ask(stock.adjust, { stockId: product.stock.id, delta: 1, reason: 'Found one' }, admin);
  }
  /** As if the first of its versions were of a hundred days ago. */
  async function grownOld(versions: number): Promise<void> {
    const older = { at: { $subtract: ['$at', 100 * DAY_MS] } };
    await collection('movements').updateMany({ ...ofProduct(), version: { $lte: versions } }, [{ $set: older }]);
  }
  /** The whole ledger, line by line: by cursor, and by the number of the page. */
  async function lines(): Promise<{ byCursor: Movement[]; byPage: Movement[]; total: number }> {
    const ask = (query: Partial<MovementQuery>) =>
      wires.ask(stock.movements, { stockId: product.stock.id, limit: 7, ...query }, admin);
    const first = await ask({});
    const byCursor = [...first.items];
    for (let cursor = first.meta.nextCursor; cursor;) {
      const { items, meta } = await ask({ cursor });
      byCursor.push(...items);
      cursor = meta.nextCursor;
    }
    const { total } = first.meta;
    const pages = await Promise.all(times(Math.ceil(total / 7)).map((i) => ask({ page: i + 1 })));
    return { byCursor, byPage: pages.flatMap(({ items }) => items), total };
  }
  /** By the service's own audit and by the oracle; the orders themselves are not part of this. */
  async function expectSound(): Promise<void> {
    const { operationTime } = await wires.database('stock').command({ ping: 1 });
    const at = (operationTime as mongo.Timestamp).toBigInt().toString();
    const { checks } = await wires.ask(stock.audit, { at, inMotion: [] }, admin);
    expect(checks.filter(({ drifting }) => drifting > 0)).toEqual([]);
    const report = await withPicture(wires.environment.MONGODB_URI!, (picture) => recount(picture));
    expect(wrongsOf(report).filter((wrong) => /^I[17]/.test(wrong))).toEqual([]);
  }

  beforeAll(async () => {
    wires = await openWires();
    service = await start({});
  });
  beforeEach(async () => {
    product = await someProduct(wires, { initialStock: 100 });
    for (const _round of times(4)) await trade();
  });
  afterAll(async () => {
    await service?.stop();
    await wires.close();
    rmSync(folder, { recursive: true });
  });

  it('takes the oldest versions of a stock; the ledger reads and replays as before, and goes on', async () => {
    await grownOld(OLD_VERSIONS);
    const before = await lines();
    expect(before.byPage).toEqual(before.byCursor);
    expect(before.total).toBe(before.byCursor.length);
    const [old, young] = [
      await count('movements', { $lte: OLD_VERSIONS }),
      await count('movements', { $gt: OLD_VERSIONS }),
    ];
    expect([old, young].every((some) => some > 1)).toBe(true);

    const others = await Promise.all([archiver(), archiver()]);
    await eventually(async () => expect(await count('movementsArchive')).toBe(old), { timeoutMs: 30_000 });
    await Promise.all(others.map((other) => other.stop()));
    expect(await count('movements')).toBe(young);
    expect(await lines()).toEqual(before);
    await expectSound();
    await trade();
    expect((await lines()).byCursor.slice(-before.total)).toEqual(before.byCursor);
    await expectSound();
  });

  it('may be all there is of a stock, which then goes on as any other', async () => {
    await grownOld(1_000);
    const [before, all] = [await lines(), await count('movements')];
    const other = await archiver();
    await eventually(async () => expect(await count('movementsArchive')).toBe(all), { timeoutMs: 30_000 });
    await other.stop();
    expect(await count('movements')).toBe(0);
    expect(await lines()).toEqual(before);
    await trade();
    await expectSound();
  });

  it('loses and doubles nothing when a process is killed while it moves them', async () => {
    await grownOld(OLD_VERSIONS);
    const [before, old] = [await lines(), await count('movements', { $lte: OLD_VERSIONS })];
    writeFileSync(FAILPOINTS, JSON.stringify([{ name: 'kill', at: 'movement.archiving', action: 'kill', times: 1 }]));
    const killed = await archiver({ FAILPOINTS });
    if (killed.runs) await once(killed.process, 'exit');
    expect(killed.process.signalCode).toBe('SIGKILL');
    expect(await lines()).toEqual(before);
    expect(await count('movementsArchive')).toBe(0);
    const other = await archiver();
    // Its lease and its transaction end within seconds.
    await eventually(async () => expect(await count('movementsArchive')).toBe(old), { timeoutMs: 60_000 });
    await other.stop();
    expect(await lines()).toEqual(before);
    await expectSound();
  });
});
