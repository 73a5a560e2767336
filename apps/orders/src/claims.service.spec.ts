import { deathsOf } from './claims.service';
import { MemoryOrder } from './memory-order';

const orderWith = (more: object) => ({ ...new MemoryOrder([1, 100]).record, ...more });

describe('how often the workers of an order have died', () => {
  it('says the job before the first claim, and one at most: the next one claims before it begins', () => {
    const order = orderWith({});
    expect([0, 1, 2, 3].map((lostStarts) => deathsOf(order, lostStarts))).toEqual([0, 1, 1, 1]);
  });

  it('says the order from its first claim on, whatever became of its job', () => {
    const held = orderWith({ claim: 2, crashes: 1, claimed: true });
    const givenBack = orderWith({ claim: 2, crashes: 1, claimed: false });
    expect([0, 5].map((lostStarts) => [deathsOf(held, lostStarts), deathsOf(givenBack, lostStarts)])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });
});
