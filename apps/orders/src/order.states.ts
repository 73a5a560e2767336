import { Problem, type OrderStatus } from '@suite/contracts';

/** Who moves an order: its customer, an admin by hand, or the suite itself while it processes, pays and refunds. */
export type Mover = 'customer' | 'admin' | 'suite';

/** The life of an order as data: from each status, where it may go, and who may move it there. */
export const moves: Record<OrderStatus, Partial<Record<OrderStatus, readonly Mover[]>>> = {
  PENDING: {
    AWAITING_PAYMENT: ['suite'],
    CONFIRMED: ['suite'],
    FAILED: ['suite'],
    CANCELLED: ['customer', 'admin'],
  },
  AWAITING_PAYMENT: { CONFIRMED: ['suite'], FAILED: ['suite'], CANCELLED: ['customer', 'admin', 'suite'] },
  CONFIRMED: { SHIPPED: ['admin'], CANCELLED: ['customer', 'admin'], REFUNDED: ['suite'] },
  SHIPPED: { DELIVERED: ['admin'], REFUNDED: ['suite'] },
  DELIVERED: { REFUNDED: ['suite'] },
  /** Only from the dead letters: an order that was refused by business stays so. */
  FAILED: { PENDING: ['suite'] },
  CANCELLED: {},
  REFUNDED: {},
};

export const nextStatuses = (from: OrderStatus): OrderStatus[] => Object.keys(moves[from]) as OrderStatus[];

export const canMove = (from: OrderStatus, to: OrderStatus, mover: Mover): boolean =>
  moves[from][to]?.includes(mover) ?? false;

/** @throws Problem INVALID_TRANSITION */
export function assertCanMove(from: OrderStatus, to: OrderStatus, mover: Mover): void {
  if (canMove(from, to, mover)) return;
  const byHand = mover === 'admin' && to in moves[from] ? ' by hand' : '';
  throw new Problem('INVALID_TRANSITION', `An order that is ${from} cannot be ${to}${byHand}`);
}
