import { Problem } from '@suite/contracts';
import {
  adjust,
  commit,
  idOf,
  LOW_AT,
  MemoryLedger,
  orderIds,
  release,
  reserve,
  restock,
  stockIds,
} from './memory-ledger';
import { mergeLines } from './ledger-decision';

const counters = (store: MemoryLedger, stock = 0) => {
  const { available, reserved, sold, version } = store.stocks.get(stockIds[stock])!;
  return { available, reserved, sold, version };
};
const codeOf = (answer: unknown) => (answer instanceof Problem ? answer.code : undefined);

describe('a reservation', () => {
  it('takes all lines or none', () => {
    const store = new MemoryLedger(5, 1);
    expect(store.answer(reserve(0, 0, [[0, 3], [1, 2]]))).toEqual({ outcome: 'insufficient', stockId: stockIds[1] }); // prettier-ignore
    expect(store.movements).toEqual([]);
    expect(store.answer(reserve(0, 0, [[1, 1], [0, 3]]))).toEqual({ outcome: 'held' }); // prettier-ignore
    expect(counters(store)).toEqual({ available: 2, reserved: 3, sold: 0, version: 2 });
    expect(counters(store, 1)).toEqual({ available: 0, reserved: 1, sold: 0, version: 2 });
  });

  it('judges two lines of one stock together', () => {
    const store = new MemoryLedger(3);
    expect(store.answer(reserve(0, 0, [[0, 2], [0, 2]]))).toMatchObject({ outcome: 'insufficient' }); // prettier-ignore
    expect(store.answer(reserve(0, 0, [[0, 1], [0, 2]]))).toEqual({ outcome: 'held' }); // prettier-ignore
    expect(store.movements).toHaveLength(1);
  });

  it('reserves and commits in one step where no payment is waited for', () => {
    const store = new MemoryLedger(5);
    expect(store.answer(reserve(0, 0, [[0, 2]], { commit: true }))).toEqual({ outcome: 'committed' });
    expect(counters(store)).toEqual({ available: 3, reserved: 0, sold: 2, version: 2 });
    expect(store.movements).toMatchObject([{ kind: 'commit', available: -2, reserved: 0, sold: 2, version: 2, n: 0 }]);
  });

  it('of an unknown stock is refused by name', () => {
    const unknown = { stockId: idOf(99), quantity: 1 };
    const answer = new MemoryLedger(5).answer(reserve(0, 0, [], { lines: [unknown] }));
    expect(answer).toMatchObject({ code: 'STOCK_NOT_FOUND', extra: { stockId: unknown.stockId } });
  });

  it('asked for again is answered alike and takes nothing more', () => {
    const store = new MemoryLedger(5);
    for (const _again of [1, 2]) expect(store.answer(reserve(0, 0, [[0, 2]]))).toEqual({ outcome: 'held' });
    expect(store.answer(reserve(0, 0, [[0, 2]], { commit: true }))).toEqual({ outcome: 'committed' });
    expect(store.answer(reserve(0, 0, [[0, 2]]))).toEqual({ outcome: 'committed' });
    expect(counters(store)).toEqual({ available: 3, reserved: 0, sold: 2, version: 3 });
  });

  it('serves VIPs first, then who came first', () => {
    const store = new MemoryLedger(2);
    const vip = reserve(2, 0, [[0, 1]], { tier: 'vip' });
    const outcomes = store.run(reserve(0, 0, [[0, 1]]), reserve(1, 0, [[0, 1]]), vip).answers;
    expect(outcomes).toMatchObject([{ outcome: 'held' }, { outcome: 'insufficient' }, { outcome: 'held' }]);
  });

  it('can use what is given back in the same batch', () => {
    const store = new MemoryLedger(1);
    store.run(reserve(0, 0, [[0, 1]]));
    expect(store.run(reserve(1, 0, [[0, 1]]), release(0, 1)).answers).toEqual([{ outcome: 'held' }, {}]);
    expect(store.movements.map(({ kind, version, n }) => [kind, version, n])).toEqual([
      ['reservation', 2, 0],
      ['release', 3, 0],
      ['reservation', 3, 1],
    ]);
  });
});

describe('settling', () => {
  it('commits what is held, once', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 3, [[0, 2]]));
    for (const _again of [1, 2]) expect(store.answer(commit(0, 3))).toEqual({});
    expect(counters(store)).toEqual({ available: 3, reserved: 0, sold: 2, version: 3 });
  });

  it('refuses to commit what is not held', () => {
    const store = new MemoryLedger(5);
    expect(codeOf(store.answer(commit(0, 0)))).toBe('INVALID_TRANSITION');
    store.run(reserve(0, 2, [[0, 2]]));
    expect(codeOf(store.answer(commit(0, 1)))).toBe('INVALID_TRANSITION');
    store.run(release(0, 2));
    expect(codeOf(store.answer(commit(0, 2)))).toBe('INVALID_TRANSITION');
    expect(counters(store)).toEqual({ available: 5, reserved: 0, sold: 0, version: 3 });
  });

  it('gives back what was held and what was sold', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 0, [[0, 2]]), reserve(1, 0, [[0, 1]], { commit: true }));
    for (const _again of [1, 2]) store.run(release(0, 1), release(1, 1));
    expect(counters(store)).toEqual({ available: 5, reserved: 0, sold: 0, version: 3 });
  });

  it('remembers a release that came first, so that a late reservation cannot take', () => {
    const store = new MemoryLedger(5);
    store.run(release(0, 2));
    expect(store.answer(reserve(0, 1, [[0, 1]]))).toEqual({ outcome: 'released' });
    expect(store.answer(reserve(0, 2, [[0, 1]]))).toEqual({ outcome: 'released' });
    expect(store.answer(reserve(0, 3, [[0, 1]]))).toEqual({ outcome: 'held' });
  });

  it('ignores the release of an older epoch', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 1, [[0, 1]]), release(0, 2));
    store.run(reserve(0, 3, [[0, 1]]));
    expect(store.answer(release(0, 2))).toEqual({});
    expect(store.reservations.get(orderIds[0])).toMatchObject({ state: 'held', epoch: 3 });
  });

  it('ignores the reservation and the commit of a worker that was overtaken', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 2, [[0, 1]]));
    expect(store.answer(reserve(0, 1, [[0, 1]], { commit: true }))).toEqual({ outcome: 'held' });
    expect(codeOf(store.answer(commit(0, 1)))).toBe('INVALID_TRANSITION');
    expect(store.reservations.get(orderIds[0])).toMatchObject({ state: 'held', epoch: 2 });
  });

  it('lets a reservation that was asked for again at a later epoch outlive releases of the earlier one', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 0, [[0, 1]]));
    store.run(reserve(0, 4, [[0, 1]]));
    store.run(release(0, 3));
    expect(counters(store)).toMatchObject({ available: 4, reserved: 1 });
  });
});

describe('a part that comes back', () => {
  const sold = (...quantities: number[]) => {
    const store = new MemoryLedger(...quantities.map(() => 10));
    const lines = quantities.map((quantity, stock): [number, number] => [stock, quantity]);
    store.run(reserve(0, 0, lines, { commit: true }));
    return store;
  };

  it('is on sale again, and the rest stays sold until it is released', () => {
    const store = sold(5, 2);
    expect(store.answer(restock(0, 0, [[0, 3]]))).toEqual({});
    expect(counters(store)).toEqual({ available: 8, reserved: 0, sold: 2, version: 3 });
    expect(counters(store, 1)).toMatchObject({ sold: 2, version: 2 });
    expect(store.movements.at(-1)).toMatchObject({ kind: 'release', available: 3, sold: -3, orderId: orderIds[0] });
    store.run(release(0, 1));
    expect(counters(store)).toEqual({ available: 10, reserved: 0, sold: 0, version: 4 });
  });

  it('is told in totals: late, twice or out of order, it is the most that counts', () => {
    const store = sold(5);
    for (const total of [2, 2, 4, 3, 4]) store.run(restock(0, 0, [[0, total]]));
    expect(counters(store)).toEqual({ available: 9, reserved: 0, sold: 1, version: 4 });
  });

  it('is never more than there was, nor of what was not there, and then nothing comes back', () => {
    const store = sold(5, 2);
    store.run(restock(0, 0, [[0, 4]]));
    const tooMuch = store.answer(restock(0, 0, [[1, 1], [0, 6]])); // prettier-ignore
    expect(tooMuch).toMatchObject({ code: 'INVALID_TRANSITION', extra: { stockId: stockIds[0] } });
    expect(store.answer(restock(0, 0, [[2, 1]]))).toMatchObject({ extra: { stockId: stockIds[2] } });
    expect([counters(store)?.sold, counters(store, 1)?.sold]).toEqual([1, 2]);
  });

  it('can be all of it; what is released after that leaves no trace', () => {
    const store = sold(5);
    store.run(restock(0, 0, [[0, 5]]));
    store.run(release(0, 1));
    expect(store.movements).toHaveLength(2);
    expect(counters(store)).toEqual({ available: 10, reserved: 0, sold: 0, version: 3 });
  });

  it('comes back from what is held too: the commit may still be on its way', () => {
    const store = new MemoryLedger(10);
    store.run(reserve(0, 0, [[0, 5]]));
    store.run(restock(0, 0, [[0, 2]]), commit(0, 0));
    expect(counters(store)).toMatchObject({ available: 7, reserved: 0, sold: 3 });
  });

  it('changes nothing where all came back, or belongs to an older epoch', () => {
    const store = sold(5);
    store.run(reserve(0, 2, [[0, 5]], { commit: true }));
    expect(store.answer(restock(0, 1, [[0, 1]]))).toEqual({});
    expect(store.answer(restock(1, 0, [[0, 1]]))).toEqual({});
    store.run(release(0, 3));
    expect(store.answer(restock(0, 3, [[0, 1]]))).toEqual({});
    expect(counters(store)).toMatchObject({ available: 10, sold: 0 });
  });
});

describe('an adjustment', () => {
  it('changes what was received, never below what is available', () => {
    const store = new MemoryLedger(5);
    store.run(reserve(0, 0, [[0, 3]]));
    expect(store.answer(adjust(0, -3))).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      extra: { stockId: stockIds[0], requested: 3, available: 2 },
    });
    expect(store.answer(adjust(0, -2))).toMatchObject({ movement: { available: -2, version: 3 }, replayed: false });
    expect(counters(store)).toEqual({ available: 0, reserved: 3, sold: 0, version: 3 });
  });

  it('is made once under one id, and not for another body', () => {
    const store = new MemoryLedger(5);
    const batch = store.run(adjust(0, 4), adjust(0, 4), adjust(0, 5), adjust(0, 4, 91, 'Other'), adjust(1, 4));
    expect(batch.answers.map((answer) => codeOf(answer) ?? (answer as { replayed: boolean }).replayed)).toEqual([
      false,
      true,
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect(store.answer(adjust(0, 4))).toMatchObject({ movement: { available: 4 }, replayed: true });
    expect(counters(store)).toMatchObject({ available: 9, version: 2 });
  });

  it('refuses more than a stock can count', () => {
    expect(codeOf(new MemoryLedger(1).answer(adjust(0, 1_000_000_000)))).toBe('VALIDATION_FAILED');
    expect(codeOf(new MemoryLedger(1).answer(adjust(2, 1)))).toBe('STOCK_NOT_FOUND');
  });
});

describe('goods that come in', () => {
  it('are a receipt in the ledger, and no repetition of an adjustment', () => {
    const store = new MemoryLedger(5);
    const delivery = { ...adjust(0, 4), as: 'receipt' as const };
    expect(store.answer(delivery)).toMatchObject({ movement: { kind: 'receipt', available: 4 }, replayed: false });
    expect(store.answer(delivery)).toMatchObject({ replayed: true });
    expect(codeOf(store.answer(adjust(0, 4)))).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('a stock that becomes low', () => {
  const stockId = stockIds[0];
  const take = (order: number, quantity: number) => reserve(order, 0, [[0, quantity]]);

  it('is told of with the version that made it so, once', () => {
    const store = new MemoryLedger(LOW_AT + 2);
    expect(store.run(take(0, 1)).crossings).toEqual([]);
    const low = { stockId, version: 3, available: LOW_AT, threshold: LOW_AT };
    expect(store.run(take(1, 1)).crossings).toEqual([low]);
    expect(store.run(take(2, 1), take(3, 1)).crossings).toEqual([]);
    expect(store.run(adjust(0, -1)).crossings).toEqual([]);
  });

  it('is told of again after it has risen above the threshold, not only to it', () => {
    const store = new MemoryLedger(LOW_AT + 1);
    store.run(take(0, 2));
    store.run(adjust(0, 1, 91), take(1, 1));
    expect(store.run(adjust(0, 2, 92)).crossings).toEqual([]);
    expect(store.run(take(2, 1)).crossings).toMatchObject([{ available: LOW_AT, version: 5 }]);
  });

  it('is not low because it was so in the middle of a batch', () => {
    const store = new MemoryLedger(LOW_AT + 1);
    expect(store.run(adjust(0, 4), take(0, 3)).crossings).toEqual([]);
  });

  it('is told of alone, whatever else is in the batch', () => {
    const store = new MemoryLedger(LOW_AT + 1, LOW_AT, LOW_AT + 5);
    const batch = store.run(reserve(0, 0, [[0, 1], [1, 1], [2, 1]])); // prettier-ignore
    expect(batch.crossings.map((low) => low.stockId)).toEqual([stockId]);
  });

  it('is never low with a threshold of -1', () => {
    const store = new MemoryLedger(1);
    store.stocks.set(stockId, { ...store.stocks.get(stockId)!, lowStockThreshold: -1 });
    expect(store.run(take(0, 1)).crossings).toEqual([]);
  });
});

describe('lines', () => {
  it('are merged by stock and sorted', () => {
    const lines = [2, 0, 2, 1].map((stock) => ({ stockId: stockIds[stock], quantity: stock + 1 }));
    expect(mergeLines(lines)).toEqual([1, 2, 6].map((quantity, stock) => ({ stockId: stockIds[stock], quantity })));
  });
});
