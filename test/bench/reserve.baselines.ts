import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, MongoClient } from 'mongodb';
import type { Way } from './rounds';

/** How stock is kept where one does not think much about it: counters, a version, and perhaps who holds what. */
interface PlainStock {
  _id: number;
  available: number;
  reserved: number;
  version: number;
  holds?: Record<string, { quantity: number }>;
}

interface PlainReservation {
  _id: string;
  stock: number;
  quantity: number;
}

export interface Checked {
  /** Throws where what is stored is not what so many reservations of one unit make. */
  verify: (reserved: number) => Promise<void>;
}

export const UNITS = 10_000_000;
const MAX_TRIES = 200;
const MAX_PAUSE_MS = 200;

const TAKE_ONE = { $inc: { available: -1, reserved: 1, version: 1 } };

/** Four ways without group commit. They take their orders one at a time, as many at once as there are callers. */
export function baselines(client: MongoClient, products: number): Promise<(Way & Checked)[]> {
  const way = async (name: string, database: string, reserve: (shop: PlainShop, i: number) => Promise<boolean>) => {
    const shop = await PlainShop.open(client, `bench-${database}`, products);
    return { name, once: (i: number) => reserve(shop, i), verify: (reserved: number) => shop.verify(reserved) };
  };
  return Promise.all([
    way('version check, retry', 'version', (shop, i) => shop.versionCheck(i)),
    way('conditional $inc', 'inc', (shop, i) => shop.conditionalInc(i)),
    way('conditional $inc, hold in the document', 'hold', (shop, i) => shop.holdInDocument(i)),
    way('transaction an order', 'transaction', (shop, i) => shop.transaction(i)),
  ]);
}

/** A database of its own, with the stock of some products. Order number `i` wants one unit of the product in turn. */
class PlainShop {
  private constructor(
    private readonly client: MongoClient,
    private readonly stock: Collection<PlainStock>,
    private readonly reservations: Collection<PlainReservation>,
    private readonly products: number,
  ) {}

  static async open(client: MongoClient, database: string, products: number): Promise<PlainShop> {
    const db = client.db(database);
    await db.dropDatabase();
    const stock = await db.createCollection<PlainStock>('stock');
    const reservations = await db.createCollection<PlainReservation>('reservations');
    const fresh = { available: UNITS, reserved: 0, version: 0 };
    await stock.insertMany(Array.from({ length: products }, (_, _id) => ({ _id, ...fresh })));
    return new PlainShop(client, stock, reservations, products);
  }

  /** Reads the version, writes if it still is; otherwise again, after a pause with jitter. Keeps no reservation. */
  async versionCheck(i: number): Promise<boolean> {
    const _id = i % this.products;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const read = await this.stock.findOne({ _id });
      const { modifiedCount } = await this.stock.updateOne({ _id, version: read!.version }, TAKE_ONE);
      if (modifiedCount === 1) return true;
      await pause(Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tries));
    }
    return false;
  }

  /** One write, no reservation: nothing to recognise a repetition by, and nothing to give back. */
  async conditionalInc(i: number): Promise<boolean> {
    const enough = { _id: i % this.products, available: { $gte: 1 } };
    return (await this.stock.updateOne(enough, TAKE_ONE)).modifiedCount === 1;
  }

  /** One write, and the stock itself remembers who holds of it; it grows with each. */
  async holdInDocument(i: number): Promise<boolean> {
    const hold = `holds.o${i}`;
    const enough = { _id: i % this.products, available: { $gte: 1 }, [hold]: { $exists: false } };
    const { modifiedCount } = await this.stock.updateOne(enough, { ...TAKE_ONE, $set: { [hold]: { quantity: 1 } } });
    return modifiedCount === 1;
  }

  /** A reservation and the stock in a transaction; on a conflict the driver tries it again. */
  transaction(i: number): Promise<boolean> {
    const stock = i % this.products;
    return this.client.withSession((session) =>
      session.withTransaction(async () => {
        await this.reservations.insertOne({ _id: `o${i}`, stock, quantity: 1 }, { session });
        const enough = { _id: stock, available: { $gte: 1 } };
        const { modifiedCount } = await this.stock.updateOne(enough, TAKE_ONE, { session });
        if (modifiedCount !== 1) throw new Error('sold out');
        return true;
      }),
    );
  }

  async verify(expected: number): Promise<void> {
    const stocks = await this.stock.find().toArray();
    const reserved = stocks.reduce((sum, stock) => sum + stock.reserved, 0);
    const whole = stocks.every((stock) => stock.available + stock.reserved === UNITS);
    if (reserved !== expected || !whole) throw new Error(`${reserved} units are reserved instead of ${expected}`);
  }
}
