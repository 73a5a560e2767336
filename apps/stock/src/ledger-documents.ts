import { Types, type mongo } from 'mongoose';
import type { MovementEntry, ReservationChange, ReservationPicture, StockChange } from './ledger-draft';
import type { MovementRecord } from './movement.schema';
import type { ReservationRecord } from './reservation.schema';

/** Between what the ledger decides, where ids are text, and the documents. */

export const idsOf = (ids: string[]): Types.ObjectId[] => [...new Set(ids)].map((id) => new Types.ObjectId(id));

export const reservationPicture = ({ epoch, state, lines }: ReservationRecord): ReservationPicture => ({
  epoch,
  state,
  lines: lines.map(({ stockId, ...units }) => ({ stockId: String(stockId), ...units })),
});

export function stockWrite({ stockId, version, available, reserved, sold }: StockChange): mongo.AnyBulkWriteOperation {
  const received = available + reserved + sold;
  return {
    updateOne: {
      filter: { _id: new Types.ObjectId(stockId), version },
      update: { $inc: { available, reserved, sold, received, version: 1 } },
    },
  };
}

export function reservationWrite(change: ReservationChange, at: Date): mongo.AnyBulkWriteOperation {
  const { orderId, epoch, state, before } = change;
  const _id = new Types.ObjectId(orderId);
  const lines = change.lines.map(({ stockId, ...units }) => ({ stockId: new Types.ObjectId(stockId), ...units }));
  const now = { epoch, state, lines, updatedAt: at, ...(state === 'released' && { releasedAt: at }) };
  if (!before) return { insertOne: { document: { _id, ...now } } };
  return {
    updateOne: {
      filter: { _id, epoch: before.epoch, state: before.state },
      update: { $set: now, ...(state !== 'released' && { $unset: { releasedAt: true } }) },
    },
  };
}

export function movementRecord({ id, stockId, orderId, by, reason, ...rest }: MovementEntry): MovementRecord {
  return {
    _id: new Types.ObjectId(id),
    stockId: new Types.ObjectId(stockId),
    ...rest,
    ...(orderId && { orderId: new Types.ObjectId(orderId) }),
    ...(by && { by: new Types.ObjectId(by) }),
    ...(reason !== undefined && { reason }),
  };
}

export function movementEntry({ _id, stockId, orderId, by, ...rest }: MovementRecord): MovementEntry {
  return {
    id: String(_id),
    stockId: String(stockId),
    ...rest,
    ...(orderId && { orderId: String(orderId) }),
    ...(by && { by: String(by) }),
  };
}
