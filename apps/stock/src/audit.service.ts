import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { AuditStock, StockAudit, StockUnits } from '@suite/contracts';
import { Recount, Snapshot } from '@suite/platform';
import { Types, type Connection } from 'mongoose';
import type { Counters } from './ledger-draft';
import type { StockRecord } from './stock.schema';

/** What the movements of one stock add up to. */
interface Replayed extends Counters {
  _id: Types.ObjectId;
  versions: number;
}

/** What reservations hold and have sold of one stock, and how much of that belongs to orders in motion. */
interface Taken {
  _id: Types.ObjectId;
  held: number;
  sold: number;
  heldInMotion: number;
  soldInMotion: number;
}

/** Recounts the ledger from its documents: counters against movements and reservations, all of one moment. */
@Injectable()
export class AuditService {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  async audit({ at, inMotion }: AuditStock): Promise<StockAudit> {
    const snapshot = Snapshot.at(this.connection, at);
    const [replayed, taken] = await Promise.all([
      replayedOf(snapshot),
      byId(snapshot.aggregate<Taken>('reservations', takenWith(inMotion))),
    ]);
    const balance = new Recount('balance', 'received = available + reserved + sold, and none is below zero');
    const ledger = new Recount('ledger', 'the movements of a stock add up to its counters, and no version is missing');
    const reservations = new Recount('reservations', 'reserved and sold are what the reservations say');
    for await (const stock of snapshot.aggregate<StockRecord>('stock', [])) {
      balance.look(stock._id, unbalanced(stock));
      ledger.look(stock._id, apart(stock, replayed.get(String(stock._id))));
      reservations.look(stock._id, untaken(stock, taken.get(String(stock._id))));
    }
    return { checks: [balance.check, ledger.check, reservations.check], units: [...taken.values()].map(unitsOf) };
  }
}

/** One write moves a stock many times and raises its version once. */
const replay = [
  {
    $group: {
      _id: { stockId: '$stockId', version: '$version' },
      available: { $sum: '$available' },
      reserved: { $sum: '$reserved' },
      sold: { $sum: '$sold' },
    },
  },
  {
    $group: {
      _id: '$_id.stockId',
      versions: { $sum: 1 },
      available: { $sum: '$available' },
      reserved: { $sum: '$reserved' },
      sold: { $sum: '$sold' },
    },
  },
];

function takenWith(inMotion: string[]) {
  const moving = { $in: ['$_id', inMotion.map((id) => new Types.ObjectId(id))] };
  const units = (state: string, ...more: object[]) => ({
    $sum: { $cond: [{ $and: [{ $eq: ['$state', state] }, ...more] }, '$lines.quantity', 0] },
  });
  return [
    { $match: { state: { $in: ['held', 'committed'] } } },
    { $unwind: '$lines' },
    {
      $group: {
        _id: '$lines.stockId',
        held: units('held'),
        sold: units('committed'),
        heldInMotion: units('held', moving),
        soldInMotion: units('committed', moving),
      },
    },
  ];
}

/** Of both halves of the ledger; a version lies in one of them as a whole. */
async function replayedOf(snapshot: Snapshot): Promise<Map<string, Replayed>> {
  const sums = await byId(snapshot.aggregate<Replayed>('movementsArchive', replay));
  for await (const recent of snapshot.aggregate<Replayed>('movements', replay)) {
    const id = String(recent._id);
    sums.set(id, together(recent, sums.get(id)));
  }
  return sums;
}

function together(recent: Replayed, older?: Replayed): Replayed {
  if (!older) return recent;
  return {
    _id: recent._id,
    versions: older.versions + recent.versions,
    available: older.available + recent.available,
    reserved: older.reserved + recent.reserved,
    sold: older.sold + recent.sold,
  };
}

async function byId<Row extends { _id: Types.ObjectId }>(rows: AsyncIterable<Row>): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for await (const row of rows) found.set(String(row._id), row);
  return found;
}

function unbalanced({ available, reserved, sold, received }: StockRecord): string | undefined {
  const below = Math.min(available, reserved, sold, received) < 0;
  if (!below && received === available + reserved + sold) return undefined;
  return `received is ${received}, available ${available}, reserved ${reserved}, sold ${sold}`;
}

function apart({ version, ...stock }: StockRecord, replayed?: Replayed): string | undefined {
  const { available = 0, reserved = 0, sold = 0, versions = 0 } = replayed ?? {};
  const same = available === stock.available && reserved === stock.reserved && sold === stock.sold;
  if (!same) {
    const movements = `available ${available}, reserved ${reserved}, sold ${sold}`;
    return `its movements make ${movements}; it says ${stock.available}, ${stock.reserved}, ${stock.sold}`;
  }
  return versions === version ? undefined : `its version is ${version}, and its movements know ${versions} of them`;
}

function untaken({ reserved, sold }: StockRecord, taken?: Taken): string | undefined {
  const { held = 0, sold: committed = 0 } = taken ?? {};
  if (held === reserved && committed === sold) return undefined;
  return `reservations hold ${held} and have sold ${committed}; it says ${reserved} and ${sold}`;
}

const unitsOf = ({ _id, held, sold, heldInMotion, soldInMotion }: Taken): StockUnits => ({
  stockId: String(_id),
  held: held - heldInMotion,
  sold: sold - soldInMotion,
});
