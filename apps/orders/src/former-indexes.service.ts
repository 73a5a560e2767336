import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MongoLink } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { FORMER_INDEXES, OrderRecord } from './order.schema';

/**
 * Drops the indexes of older versions, which every write of an order would keep up for nobody. By then those that took
 * their place are built, so that replicas of the older version go on being served. An index that somebody has made by hand
 * has another name, and stays.
 */
@Injectable()
export class FormerIndexesService implements OnModuleInit {
  private readonly log = new Logger(FormerIndexesService.name);

  constructor(
    @InjectModel(OrderRecord.name) private readonly orders: Model<OrderRecord>,
    private readonly mongo: MongoLink,
  ) {}

  onModuleInit(): void {
    this.mongo
      .whenOpen()
      .then(() => this.drop())
      .catch((error: Error) => this.log.warn(`Indexes of older versions could not be dropped: ${error.message}`));
  }

  /** Where there are none nothing is asked of the database but their names. */
  async drop(): Promise<void> {
    for (const { name } of await this.orders.collection.indexes()) {
      if (!FORMER_INDEXES.includes(name!)) continue;
      await this.orders.collection.dropIndex(name!).catch(ignoreGone);
      this.log.log(`Dropped the index ${name}: others serve what it served`);
    }
  }
}

/** Another replica was quicker. */
function ignoreGone(error: mongo.MongoServerError): void {
  if (error.codeName !== 'IndexNotFound') throw error;
}
