import { createConnection, Types, type Connection, type mongo } from 'mongoose';
import { MongoServerError } from 'mongodb';
import { stock, type Product, type Reserve } from '@suite/contracts';
import { LedgerService } from '../../apps/stock/src/ledger.service';
import { LedgerStore } from '../../apps/stock/src/ledger-store';
import { LowStockRecord, LowStockSchema } from '../../apps/stock/src/low-stock.schema';
import { MovementRecord, MovementSchema } from '../../apps/stock/src/movement.schema';
import { ReservationRecord, ReservationSchema } from '../../apps/stock/src/reservation.schema';
import { StockConfig } from '../../apps/stock/src/stock.config';
import { StockRecord, StockSchema } from '../../apps/stock/src/stock.schema';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { scrape } from '../support/scrape';
import { Service } from '../support/service';
import { audit, expectSound, newId, reserveBody, someAdmin, someProduct } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

/** Loses the answer to every fourth commit, as a cable that is cut at the wrong moment does, and counts its tries. */
class CarelessStore extends LedgerStore {
  tries = 0;
  conflicts = 0;

  override async transaction<T>(work: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    this.tries++;
    const result = await super.transaction(work).catch((error: unknown) => {
      this.conflicts++;
      throw error;
    });
    if (this.tries % 4 > 0) return result;
    const lost = new MongoServerError({ message: 'the answer was lost' });
    lost.addErrorLabel('UnknownTransactionCommitResult');
    throw lost;
  }
}

const outcomes = (answers: { outcome: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe('a hot product', () => {
  let wires: Wires;
  let services: Service[];
  let ports: number[];

  beforeAll(async () => {
    wires = await openWires();
    ports = [await freePort(), await freePort()];
    services = await Promise.all(
      ports.map((port) => {
        const shown = { INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' };
        return Service.start('apps/stock/src/main.ts', { ...wires.environment, ...shown });
      }),
    );
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await wires.close();
  });

  const db = () => wires.database('stock');

  /** 220 units: 200, and 20 that admins bring, and take away, while the first of 1,000 buyers come. */
  async function flashSale(
    product: Product,
    reserve: (body: Reserve, i: number) => Promise<{ outcome: string }>,
    adjust: (delta: number, i: number) => Promise<unknown>,
  ): Promise<{ outcome: string }[]> {
    const buy = (i: number) =>
      reserve(reserveBody(product, 1, { commit: i % 2 === 0, tier: i % 5 ? 'standard' : 'vip' }), i);
    const first = each(times(150), 64, buy);
    const deliveries = each(times(30), 2, (i) => adjust(i % 3 === 2 ? -1 : i % 3 === 1 ? 1 : 2, i));
    await deliveries;
    return [...(await first), ...(await each(times(850), 64, buy))];
  }

  const shown = (series: string) => Promise.all(ports.map((port) => scrape(port, series)));

  /**
   * Holds the stock, as a transaction of another replica does, while `sale` begins and until a batch has met it: the
   * replicas themselves may happen to take turns.
   */
  async function inTheWay<T>(stockId: string, sale: () => Promise<T>): Promise<T> {
    const connection = await open(db().databaseName);
    try {
      const session = await connection.startSession();
      session.startTransaction();
      const touch = { $set: { turn: new Types.ObjectId() } };
      await connection.collection('stock').updateOne({ _id: new Types.ObjectId(stockId) }, touch, { session });
      const sold = sale();
      await eventually(async () => expect(Math.max(...(await shown('stock_conflicts_total')))).toBeGreaterThan(0));
      await session.abortTransaction();
      return await sold;
    } finally {
      await connection.close();
    }
  }

  it('is sold to the last unit by two replicas, admins in between, and nobody sees a conflict', async () => {
    const product = await someProduct(wires, { initialStock: 200 });
    const { id: stockId } = product.stock;
    const answers = await inTheWay(stockId, () =>
      flashSale(
        product,
        (body) => wires.ask(stock.reserve, body),
        (delta) => wires.ask(stock.adjust, { stockId, delta, reason: 'Delivery' }, { caller: someAdmin }),
      ),
    );
    const { held, committed, insufficient } = outcomes(answers);
    expect(held + committed).toBe(220);
    expect(insufficient).toBe(780);
    expect((await audit(db(), stockId)).counters).toEqual({ available: 0, reserved: held, sold: committed });
    await expectSound(db(), stockId);
    expect(Math.min(...(await shown('group_commit_batch_items_count{group="ledger"}')))).toBeGreaterThan(0);
  });

  it('is sold to the last unit also when the answers to commits are lost', async () => {
    const product = await someProduct(wires, { initialStock: 200 });
    const { id: stockId } = product.stock;
    const connections = await Promise.all([1, 2].map(() => open(db().databaseName)));
    const stores = connections.map(
      (connection) =>
        new CarelessStore(
          connection.model<StockRecord>(StockRecord.name, StockSchema),
          connection.model<ReservationRecord>(ReservationRecord.name, ReservationSchema),
          connection.model<MovementRecord>(MovementRecord.name, MovementSchema),
          connection.model<LowStockRecord>(LowStockRecord.name, LowStockSchema),
          new StockConfig(),
        ),
    );
    const ledgers = stores.map((store) => new LedgerService(store));
    const answers = await flashSale(
      product,
      (body, i) => ledgers[i % 2].reserve(body),
      (delta, i) =>
        ledgers[i % 2].adjust({
          as: 'adjustment',
          stockId,
          delta,
          reason: 'Delivery',
          movementId: newId(),
          by: someAdmin.userId,
        }),
    );
    await Promise.all(connections.map((connection) => connection.close()));

    expect(Math.min(...stores.map(({ conflicts }) => conflicts))).toBeGreaterThan(0);
    const { held, committed, insufficient } = outcomes(answers);
    expect(held + committed).toBe(220);
    expect(insufficient).toBe(780);
    await expectSound(db(), stockId);
  });

  const open = (dbName: string): Promise<Connection> =>
    createConnection(wires.environment.MONGODB_URI!, { dbName, autoIndex: false, autoCreate: false }).asPromise();

  it('and its neighbours are sold in any combination without a deadlock', async () => {
    const products = await Promise.all(times(5).map(() => someProduct(wires, { initialStock: 100 })));
    const answers = await each(times(300), 64, (i) => {
      const picked = times(3).map((k) => ({
        stockId: products[(i * (k + 1) + k) % 5].stock.id,
        quantity: 1 + (k % 2),
      }));
      return wires.ask(stock.reserve, reserveBody(products[0], 1, { lines: picked }));
    });
    expect(outcomes(answers).held).toBeGreaterThan(0);
    expect(outcomes(answers).insufficient).toBeGreaterThan(0);
    for (const { stock: { id } } of products) await expectSound(db(), id); // prettier-ignore
  });

  it('is neither lost nor sold twice when a replica dies in the middle', async () => {
    const product = await someProduct(wires, { initialStock: 200 });
    let answered = 0;
    const answers = await each(times(600), 64, async () => {
      // The transaction of the dead holds its locks for some seconds: weather, which a processor tries again.
      const body = reserveBody(product);
      const answer = await eventually(() => wires.ask(stock.reserve, body), { timeoutMs: 20_000, everyMs: 100 });
      if (++answered === 60) services[0].process.kill('SIGKILL');
      return answer;
    });
    expect(outcomes(answers)).toEqual({ held: 200, insufficient: 400 });
    await expectSound(db(), product.stock.id);
  });
});
