import { createHash } from 'node:crypto';
import { Types } from 'mongoose';

/**
 * The id of a movement that an admin makes. With an idempotency key it is derived from the key and its owner, so that a
 * repetition meets the movement of the first time under the same `_id`: no second write, and no memory of keys to keep.
 */
export function movementIdOf(userId: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return new Types.ObjectId().toHexString();
  return createHash('sha256').update(`${userId}:${idempotencyKey}`).digest('hex').slice(0, 24);
}
