import { orderStatuses, type OrderStatus } from '@suite/contracts';
import { assertCanMove, canMove, moves, nextStatuses, type Mover } from './order.states';

const reachableBy = (mover: Mover): string[] =>
  orderStatuses.flatMap((from) =>
    nextStatuses(from)
      .filter((to) => canMove(from, to, mover))
      .map((to) => `${from} → ${to}`),
  );

describe('the states of an order', () => {
  it('lead nowhere from an end', () => {
    const ends = orderStatuses.filter((status) => nextStatuses(status).length === 0);
    expect(ends).toEqual(['CANCELLED', 'REFUNDED']);
  });

  it('never lead back, but for a replay of what failed', () => {
    const reachable = (from: OrderStatus): string[] =>
      nextStatuses(from)
        .filter((next) => next !== 'PENDING')
        .flatMap((next) => [next, ...reachable(next)]);
    expect(orderStatuses.filter((status) => canMove(status, 'PENDING', 'suite'))).toEqual(['FAILED']);
    for (const status of orderStatuses) expect(reachable(status)).not.toContain(status);
  });

  it('let money be outstanding only before an order is confirmed', () => {
    expect(nextStatuses('PENDING')).toContain('AWAITING_PAYMENT');
    expect(nextStatuses('CONFIRMED')).not.toContain('AWAITING_PAYMENT');
  });

  it('let customers cancel until it is shipped, and do nothing else', () => {
    expect(reachableBy('customer')).toEqual([
      'PENDING → CANCELLED',
      'AWAITING_PAYMENT → CANCELLED',
      'CONFIRMED → CANCELLED',
    ]);
  });

  it('let admins ship, deliver and cancel by hand, and do nothing else', () => {
    expect(reachableBy('admin')).toEqual([
      'PENDING → CANCELLED',
      'AWAITING_PAYMENT → CANCELLED',
      'CONFIRMED → SHIPPED',
      'CONFIRMED → CANCELLED',
      'SHIPPED → DELIVERED',
    ]);
  });

  it('leave no move that nobody may make', () => {
    for (const from of orderStatuses) for (const movers of Object.values(moves[from])) expect(movers).not.toEqual([]);
  });

  it('say what is refused, and why', () => {
    expect(() => assertCanMove('PENDING', 'SHIPPED', 'admin')).toThrow('An order that is PENDING cannot be SHIPPED');
    expect(() => assertCanMove('CONFIRMED', 'REFUNDED', 'admin')).toThrow('cannot be REFUNDED by hand');
    expect(() => assertCanMove('CONFIRMED', 'REFUNDED', 'suite')).not.toThrow();
  });
});
