import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MongoLink } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { StockRecord, stockRules } from './stock.schema';

/**
 * Keeps the validator of the stock collection at the version of this code. A new collection is created with it; this is
 * for one that is older than the code. It is changed only where it differs, because `collMod` waits for the
 * transactions in hand and holds up those that come.
 */
@Injectable()
export class ValidatorService implements OnModuleInit {
  private readonly log = new Logger(ValidatorService.name);

  constructor(
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly mongo: MongoLink,
  ) {}

  onModuleInit(): void {
    this.mongo
      .whenOpen()
      .then(() => this.install())
      .catch((error: Error) => this.log.error(`The stock validator could not be installed: ${error.message}`));
  }

  /** @returns whether it had to be changed. */
  async install(): Promise<boolean> {
    const db = this.stocks.db.db!;
    const name = this.stocks.collection.name;
    const [{ options }] = await db.listCollections<mongo.CollectionInfo>({ name }).toArray();
    const { validator, validationLevel, validationAction } = (options ?? {}) as Partial<typeof stockRules>;
    if (isDeepStrictEqual({ validator, validationLevel, validationAction }, stockRules)) return false;
    await db.command({ collMod: name, ...stockRules });
    return true;
  }
}
