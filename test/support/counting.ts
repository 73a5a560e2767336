import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { createConnection, Types, type Connection, type ConnectOptions, type Model } from 'mongoose';
import type { OrderStatus, Tier } from '@suite/contracts';
import { ArchivedOrderRecord, ArchivedOrderSchema } from '../../apps/orders/src/archived-order.schema';
import { BucketsService } from '../../apps/orders/src/buckets.service';
import { CountingService } from '../../apps/orders/src/counting.service';
import { FiguresService } from '../../apps/orders/src/figures.service';
import { FoldingService } from '../../apps/orders/src/folding.service';
import { OrderArchive } from '../../apps/orders/src/order-archive';
import { OrderRecord, OrderSchema } from '../../apps/orders/src/order.schema';
import { ProductBucketRecord, ProductBucketSchema } from '../../apps/orders/src/product-bucket.schema';
import { ProductFiguresService } from '../../apps/orders/src/product-figures.service';
import { RebuildService } from '../../apps/orders/src/rebuild.service';
import { ReportStateRecord, ReportStateSchema } from '../../apps/orders/src/report-state.schema';
import { SalesBucketRecord, SalesBucketSchema } from '../../apps/orders/src/sales-bucket.schema';
import { ShareRecord, ShareSchema } from '../../apps/orders/src/share.schema';
import { TallyRecord, TallySchema } from '../../apps/orders/src/tally.schema';

/** Two replicas of what counts, folds and rebuilds, on a database of their own, driven step by step. */
export class CountingRig {
  readonly orders: Model<OrderRecord>;
  readonly counters: CountingService[];
  readonly folders: FoldingService[];
  readonly rebuilds: RebuildService[];
  readonly figures: FiguresService;
  readonly products: ProductFiguresService;

  private constructor(readonly connection: Connection) {
    const model = <Record>(type: { name: string }, schema: object): Model<Record> =>
      connection.model(type.name, schema as never);
    this.orders = model(OrderRecord, OrderSchema);
    const archive = new OrderArchive(this.orders, model(ArchivedOrderRecord, ArchivedOrderSchema));
    const shares = model<ShareRecord>(ShareRecord, ShareSchema);
    const tallies = model<TallyRecord>(TallyRecord, TallySchema);
    const buckets = new BucketsService(
      model(SalesBucketRecord, SalesBucketSchema),
      model(ProductBucketRecord, ProductBucketSchema),
      model(ReportStateRecord, ReportStateSchema),
    );
    const twice = <T>(make: () => T): T[] => [make(), make()];
    this.counters = twice(() => new CountingService(shares, tallies));
    this.folders = twice(() => new FoldingService(tallies, buckets));
    this.rebuilds = this.folders.map((folding) => new RebuildService(this.orders, shares, archive, buckets, folding));
    this.figures = new FiguresService(connection);
    this.products = new ProductFiguresService(connection);
  }

  /** Past all of it. */
  get db(): Db {
    return this.connection.getClient().db(this.connection.name);
  }

  static async open(options: ConnectOptions = {}): Promise<CountingRig> {
    const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=rs0';
    const rig = new CountingRig(createConnection());
    await rig.connection.openUri(uri, {
      dbName: `test-${randomUUID().slice(0, 8)}-orders`,
      writeConcern: { w: 'majority', journal: true },
      autoCreate: false,
      autoIndex: false,
      ...options,
    });
    for (const model of Object.values(rig.connection.models)) {
      await model.createCollection();
      await model.ensureIndexes();
    }
    return rig;
  }

  async close(): Promise<void> {
    await this.connection.dropDatabase();
    await this.connection.close();
  }
}

interface Made {
  at: Date;
  tier: Tier;
  status?: OrderStatus;
  items: { productId: Types.ObjectId; price: number; quantity: number }[];
}

/** An order as the database has it, placed at any time. */
export function orderRecord({ at, tier, status = 'PENDING', items }: Made): OrderRecord {
  const [_id, userId] = [new Types.ObjectId(), new Types.ObjectId()];
  const entry = { seq: 1, kind: 'status' as const, status, at, by: 'test', moveId: 'placed' };
  return {
    _id,
    number: String(_id),
    userId,
    tier,
    status,
    items: items.map((item) => ({
      ...item,
      stockId: item.productId,
      sku: 'TEA',
      name: 'Tea',
      shipped: 0,
      refunded: 0,
      restocked: 0,
    })),
    total: items.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
    currency: 'USD',
    customer: { email: 'jo@example.com', name: 'Jo Doe' },
    payment: { method: 'CASH_ON_DELIVERY', flow: 'REGULAR', status: 'NONE', refunded: 0 },
    history: [entry],
    seq: 1,
    told: 0,
    epoch: 0,
    claim: 0,
    claimed: false,
    crashes: 0,
    outbox: {},
    checkAt: at,
    requestId: 'test',
    createdAt: at,
    updatedAt: at,
  };
}
