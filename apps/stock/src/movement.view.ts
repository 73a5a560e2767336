import type { Movement } from '@suite/contracts';
import type { MovementEntry } from './ledger-draft';

/** What leaves the service: a whitelist, field by field. */
export const movementView = (movement: MovementEntry & { id: string }): Movement => ({
  id: movement.id,
  stockId: movement.stockId,
  kind: movement.kind,
  available: movement.available,
  reserved: movement.reserved,
  sold: movement.sold,
  version: movement.version,
  orderId: movement.orderId,
  reason: movement.reason,
  by: movement.by,
  at: movement.at.toISOString(),
});
