import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { stock } from '@suite/contracts';
import { Bus, MongoLink, RedisLink, Sweep } from '@suite/platform';
import type { Model } from 'mongoose';
import { LowStockRecord } from './low-stock.schema';
import { ProductRecord } from './product.schema';

const SWEEP_MS = 1_000;
/** For this long a crossing that is owed is left to whoever has just taken it on. */
const LEASE_MS = 10_000;
/** Vanishes when Redis is emptied, and with it facts that nobody has heard yet. */
const CANARY = 'canary:{stock}';
const RETELL_MS = 3_600_000;

/**
 * Tells of stocks that have become low. The ledger writes a crossing down in the transaction that makes it; here one
 * replica after the other looks for what is owed, so that a crossing is told whoever dies, and orders never wait for it.
 */
@Injectable()
export class LowStockTellerService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(LowStockTellerService.name);
  private readonly sweep = new Sweep('low stock', SWEEP_MS, () => this.tellAll());

  constructor(
    @InjectModel(LowStockRecord.name) private readonly lows: Model<LowStockRecord>,
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    private readonly bus: Bus,
    private readonly link: RedisLink,
    private readonly mongo: MongoLink,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  private async tellAll(): Promise<void> {
    if (this.link.away || this.mongo.away) return;
    if (!(await this.link.redis.exists(CANARY))) await this.rememberAll();
    for (;;) {
      const now = Date.now();
      const owed = await this.lows
        .findOneAndUpdate(
          { owed: { $lte: new Date(now) } },
          { owed: new Date(now + LEASE_MS) },
          { returnDocument: 'after' },
        )
        .lean();
      if (!owed) return;
      await this.tell(owed);
      await this.lows.updateOne({ _id: owed._id }, { $unset: { owed: 1 } });
    }
  }

  /** Nobody buys more of what has left the shop. */
  private async tell({ stockId, version, available, threshold, at }: LowStockRecord): Promise<void> {
    const product = await this.products.findOne({ stockId, archived: false }).lean();
    if (!product) return;
    const { _id, sku, name } = product;
    await this.bus.tell(stock.low, {
      stockId: String(stockId),
      productId: String(_id),
      sku,
      name,
      available,
      threshold,
      version,
      at: at.toISOString(),
    });
  }

  /** In this order: whoever dies in between leaves the canary missing, and the next sweep does it again. */
  private async rememberAll(): Promise<void> {
    const since = new Date(Date.now() - RETELL_MS);
    const { modifiedCount } = await this.lows.updateMany({ at: { $gte: since } }, { owed: new Date() });
    if (modifiedCount > 0) this.log.warn(`Redis has forgotten; telling it of ${modifiedCount} low stocks again`);
    await this.link.redis.set(CANARY, 1);
  }
}
