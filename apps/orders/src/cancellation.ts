import type { Move } from './moves.service';
import type { OrderRecord } from './order.schema';
import { afterRefund, leftToRefund, newRefund } from './refund';

/**
 * The move that ends an order on somebody's wish, with the refund of all that is left. Cash was not handed over before
 * anything was shipped: that refund is done with the move itself. Everybody else's money is owed from then on.
 */
export function cancellation(order: OrderRecord, { by, as, reason }: Pick<Move, 'by' | 'as' | 'reason'>): Move {
  const move: Move = { to: 'CANCELLED', by, as, reason, giveUp: {} };
  if (leftToRefund(order) === 0) return move;
  const refund = newRefund(order, { restock: false }, by, reason);
  if (order.payment.method === 'CASH_ON_DELIVERY') return { ...move, changes: afterRefund(order, refund) };
  return { ...move, changes: { refunds: [...(order.refunds ?? []), refund] }, debts: { refund: true } };
}
