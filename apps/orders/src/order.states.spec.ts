import { orderStatuses } from '@suite/contracts';
import { canMove, nextStatuses } from './order.states';

describe('the states of an order', () => {
  it('lead nowhere from an end', () => {
    const ends = orderStatuses.filter((status) => nextStatuses[status].length === 0);
    expect(ends).toEqual(['FAILED', 'CANCELLED', 'REFUNDED']);
  });

  it('never lead back', () => {
    const reachable = (from: (typeof orderStatuses)[number]): string[] =>
      nextStatuses[from].flatMap((next) => [next, ...reachable(next)]);
    for (const status of orderStatuses) expect(reachable(status)).not.toContain(status);
  });

  it('let money be outstanding only before an order is confirmed', () => {
    expect(canMove('PENDING', 'AWAITING_PAYMENT')).toBe(true);
    expect(canMove('CONFIRMED', 'AWAITING_PAYMENT')).toBe(false);
  });
});
