import { Types, type mongo } from 'mongoose';
import type { ReservationChange, ReservationPicture, StockChange } from './ledger-draft';
import type { ReservationRecord } from './reservation.schema';

/** Between what the ledger decides, where ids are text, and the documents. */

export const idsOf = (ids: string[]): Types.ObjectId[] => [...new Set(ids)].map((id) => new Types.ObjectId(id));

export const reservationPicture = ({ epoch, state, lines }: ReservationRecord): ReservationPicture => ({
  epoch,
  state,
  lines: lines.map(({ stockId, ...units }) => ({ stockId: String(stockId), ...units })),
});

/** One statement of MongoDB's `update` command. */
export interface UpdateStatement {
  q: mongo.Document;
  u: mongo.Document;
}

export function stockWrite({ stockId, version, available, reserved, sold }: StockChange): UpdateStatement {
  const received = available + reserved + sold;
  return {
    q: { _id: new Types.ObjectId(stockId), version },
    u: { $inc: { available, reserved, sold, received, version: 1 } },
  };
}

export function reservationRecord({ orderId, epoch, state, lines }: ReservationChange, at: Date): ReservationRecord {
  return {
    _id: new Types.ObjectId(orderId),
    epoch,
    state,
    lines: lines.map(({ stockId, ...units }) => ({ stockId: new Types.ObjectId(stockId), ...units })),
    updatedAt: at,
    ...(state === 'released' && { releasedAt: at }),
  };
}

/** For one that was there before. */
export function reservationWrite(change: ReservationChange, at: Date): UpdateStatement {
  const { _id, ...now } = reservationRecord(change, at);
  const { epoch, state } = change.before!;
  return {
    q: { _id, epoch, state },
    u: { $set: now, ...(change.state !== 'released' && { $unset: { releasedAt: true } }) },
  };
}
