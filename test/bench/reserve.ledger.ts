import { HealthChecks, MongoLink } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { LedgerStore } from '../../apps/stock/src/ledger-store';
import { LedgerService } from '../../apps/stock/src/ledger.service';
import { LowStockRecord, LowStockSchema } from '../../apps/stock/src/low-stock.schema';
import { MovementRecord, MovementSchema } from '../../apps/stock/src/movement.schema';
import { ReservationRecord, ReservationSchema } from '../../apps/stock/src/reservation.schema';
import { StockConfig } from '../../apps/stock/src/stock.config';
import { StockRecord, StockSchema } from '../../apps/stock/src/stock.schema';
import { UNITS, type Checked } from './reserve.baselines';
import type { Way } from './rounds';

/** The stock service's own ledger on a database of its own, with the connection, rules and indexes of the service. */
export class LedgerWay implements Way, Checked {
  readonly name = 'group commit (the ledger)';
  private readonly link: MongoLink;
  private readonly stocks: Model<StockRecord>;
  private readonly reservations: Model<ReservationRecord>;
  private readonly movements: Model<MovementRecord>;
  private readonly ledger: LedgerService;
  private stockIds: string[] = [];

  constructor(uri: string) {
    this.link = new MongoLink(uri, { name: 'bench-ledger' }, new HealthChecks());
    const { connection } = this.link;
    this.stocks = connection.model<StockRecord>(StockRecord.name, StockSchema);
    this.reservations = connection.model<ReservationRecord>(ReservationRecord.name, ReservationSchema);
    this.movements = connection.model<MovementRecord>(MovementRecord.name, MovementSchema);
    const lows = connection.model<LowStockRecord>(LowStockRecord.name, LowStockSchema);
    const store = new LedgerStore(this.stocks, this.reservations, this.movements, lows, new StockConfig());
    this.ledger = new LedgerService(store);
  }

  /** The service's own connection. */
  get client() {
    return this.link.connection.getClient();
  }

  async start(): Promise<void> {
    await this.link.onModuleInit();
  }

  /** Everything anew. */
  async stockUp(products: number): Promise<void> {
    for (const { collection } of [this.stocks, this.reservations, this.movements] as Model<unknown>[]) {
      await collection.deleteMany({});
    }
    const fresh = { available: UNITS, reserved: 0, sold: 0, received: UNITS, version: 1 };
    const stocks = Array.from({ length: products }, () => ({
      _id: new Types.ObjectId(),
      productId: new Types.ObjectId(),
      ...fresh,
    }));
    await this.stocks.collection.insertMany(stocks);
    this.stockIds = stocks.map(({ _id }) => String(_id));
  }

  /** As a processor asks for it: reserved and sold in one step. */
  readonly once = async (i: number): Promise<boolean> => {
    const { outcome } = await this.ledger.reserve({
      orderId: new Types.ObjectId().toHexString(),
      epoch: 0,
      tier: i % 5 === 0 ? 'vip' : 'standard',
      lines: [{ stockId: this.stockIds[i % this.stockIds.length], quantity: 1 }],
      commit: true,
    });
    return outcome === 'committed';
  };

  /** The counters, the reservations and the movements, which are written in one transaction, have to say the same. */
  async verify(expected: number): Promise<void> {
    const [stocks, reservations, movements] = await Promise.all([
      this.stocks.aggregate<{ sold: number; received: number }>([
        { $group: { _id: null, sold: { $sum: '$sold' }, received: { $sum: '$received' } } },
      ]),
      this.reservations.countDocuments({ state: 'committed' }),
      this.movements.aggregate<{ sold: number }>([{ $group: { _id: null, sold: { $sum: '$sold' } } }]),
    ]);
    const said = [stocks[0].sold, reservations, movements[0].sold];
    if (said.some((units) => units !== expected)) {
      throw new Error(`stock, reservations and movements say ${said.join(', ')} instead of ${expected}`);
    }
    if (stocks[0].received !== UNITS * this.stockIds.length) throw new Error('units came or went');
  }
}
