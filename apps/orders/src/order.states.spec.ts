import { orderStatuses } from '@suite/contracts';
import { canMove, nextStatuses } from './order.states';

describe('the states of an order', () => {
  it('lead nowhere from an end', () => {
    const ends = orderStatuses.filter((status) => nextStatuses[status].length === 0);
    expect(ends).toEqual(['CANCELLED', 'REFUNDED']);
  });

  it('never lead back, but for a replay of what failed', () => {
    const reachable = (from: (typeof orderStatuses)[number]): string[] =>
      nextStatuses[from].filter((next) => next !== 'PENDING').flatMap((next) => [next, ...reachable(next)]);
    expect(orderStatuses.filter((status) => canMove(status, 'PENDING'))).toEqual(['FAILED']);
    for (const status of orderStatuses) expect(reachable(status)).not.toContain(status);
  });

  it('let money be outstanding only before an order is confirmed', () => {
    expect(canMove('PENDING', 'AWAITING_PAYMENT')).toBe(true);
    expect(canMove('CONFIRMED', 'AWAITING_PAYMENT')).toBe(false);
  });
});
