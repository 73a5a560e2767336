import type { OrderStatus } from '@suite/contracts';

/** The life of an order as data: from each status, where it may go. Whoever may move it there is decided elsewhere. */
export const nextStatuses: Record<OrderStatus, readonly OrderStatus[]> = {
  PENDING: ['AWAITING_PAYMENT', 'CONFIRMED', 'FAILED', 'CANCELLED'],
  AWAITING_PAYMENT: ['CONFIRMED', 'FAILED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED', 'REFUNDED'],
  SHIPPED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  /** Only from the dead letters: an order that was refused by business stays so. */
  FAILED: ['PENDING'],
  CANCELLED: [],
  REFUNDED: [],
};

export const canMove = (from: OrderStatus, to: OrderStatus): boolean => nextStatuses[from].includes(to);
