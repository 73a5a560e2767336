import { Problem } from '@suite/contracts';
import fc from 'fast-check';
import { adjust, commit, LOW_AT, MemoryLedger, orderIds, release, reserve, restock, stockIds } from './memory-ledger';
import { laneOf, type Decision, type LedgerRequest } from './ledger-decision';

const counters = (store: MemoryLedger, stock: number) => store.stocks.get(stockIds[stock]);

const epochs = fc.nat(3);
const orders = fc.nat(orderIds.length - 1);
const wanted = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 4 });
const reservations = fc
  .tuple(orders, epochs, wanted, fc.constantFrom('standard' as const, 'vip' as const), fc.boolean())
  .map(([order, epoch, lines, tier, commits]) => reserve(order, epoch, lines, { tier, commit: commits }));
const requests: fc.Arbitrary<LedgerRequest> = fc.oneof(
  { weight: 5, arbitrary: reservations },
  { weight: 2, arbitrary: fc.tuple(orders, epochs).map(([order, epoch]) => commit(order, epoch)) },
  { weight: 3, arbitrary: fc.tuple(orders, epochs).map(([order, epoch]) => release(order, epoch)) },
  { weight: 3, arbitrary: fc.tuple(orders, epochs, wanted).map((parts) => restock(...parts)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(2), fc.integer({ min: -5, max: 5 }), fc.nat(5))
      .map(([stock, delta, key]) => adjust(stock, delta, key + 90)),
  },
);
const histories = fc.array(fc.array(requests, { minLength: 1, maxLength: 8 }), { maxLength: 10 });
const units = fc.tuple(fc.nat(8), fc.nat(8), fc.nat(8));

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const linesOf = (store: MemoryLedger, state: string, stockId: string) =>
  [...store.reservations.values()]
    .filter((reservation) => reservation.state === state)
    .flatMap(({ lines }) => lines)
    .filter((line) => line.stockId === stockId)
    .map(({ quantity }) => quantity);

describe('whatever is asked in whatever order', () => {
  it('the counters are what the reservations say, none negative, and the movements replay to them', () => {
    fc.assert(
      fc.property(units, histories, (initial, batches) => {
        const store = new MemoryLedger(...initial);
        batches.forEach((batch) => store.run(...batch));
        stockIds.forEach((stockId, i) => {
          const { available, reserved, sold, version } = store.stocks.get(stockId)!;
          const ledger = store.movements.filter((movement) => movement.stockId === stockId);
          expect(available).toBeGreaterThanOrEqual(0);
          expect(reserved).toBe(sum(linesOf(store, 'held', stockId)));
          expect(sold).toBe(sum(linesOf(store, 'committed', stockId)));
          expect(available).toBe(initial[i] + sum(ledger.map((movement) => movement.available)));
          expect(reserved).toBe(sum(ledger.map((movement) => movement.reserved)));
          expect(sold).toBe(sum(ledger.map((movement) => movement.sold)));
          expect(new Set(ledger.map((movement) => `${movement.version}.${movement.n}`)).size).toBe(ledger.length);
          expect(version).toBe(Math.max(1, ...ledger.map((movement) => movement.version)));
        });
      }),
    );
  });

  it('a batch is worth exactly as much as its requests one by one, in lane order', () => {
    fc.assert(
      fc.property(units, histories, (initial, batches) => {
        const together = new MemoryLedger(...initial);
        const oneByOne = new MemoryLedger(...initial);
        for (const batch of batches) {
          const { answers } = together.run(...batch);
          const inLaneOrder = batch.map((_, i) => i).sort((a, b) => laneOf(batch[a]) - laneOf(batch[b]) || a - b);
          for (const i of inLaneOrder) expect(forget(oneByOne.answer(batch[i]))).toEqual(forget(answers[i]));
        }
        expect(oneByOne.reservations).toEqual(together.reservations);
        stockIds.forEach((_, i) => {
          expect({ ...counters(oneByOne, i), version: 0 }).toEqual({ ...counters(together, i), version: 0 });
        });
      }),
    );
  });

  it('repeating a request at once changes nothing and answers alike', () => {
    fc.assert(
      fc.property(units, histories, requests, (initial, batches, request) => {
        const store = new MemoryLedger(...initial);
        batches.forEach((batch) => store.run(...batch));
        const first = store.answer(request);
        const again = store.run(request);
        expect(forget(again.answers[0])).toEqual(forget(first));
        expect(again).toMatchObject({ stocks: [], reservations: [], movements: [] });
      }),
    );
  });

  it('a stock is told of as low exactly when a batch has taken it from above its threshold', () => {
    fc.assert(
      fc.property(units, histories, (initial, batches) => {
        const store = new MemoryLedger(...initial);
        for (const batch of batches) {
          const before = stockIds.map((_, i) => counters(store, i)!.available);
          const told = store.run(...batch).crossings.map(({ stockId, version }) => [stockId, version]);
          const fell = (i: number) => before[i] > LOW_AT && counters(store, i)!.available <= LOW_AT;
          const low = stockIds.flatMap((stockId, i) => (fell(i) ? [[stockId, counters(store, i)!.version]] : []));
          expect(told.sort()).toEqual(low);
        }
      }),
    );
  });

  it('no standard customer gets what a VIP of the same batch was refused', () => {
    const single = fc.tuple(orders, fc.boolean()).map(([order, vip]) => ({ order, vip }));
    fc.assert(
      fc.property(fc.nat(5), fc.uniqueArray(single, { selector: ({ order }) => order }), (available, buyers) => {
        const batch = buyers.map(({ order, vip }) => reserve(order, 0, [[0, 1]], { tier: vip ? 'vip' : 'standard' }));
        const { answers } = new MemoryLedger(available).run(...batch);
        const got = (vip: boolean) =>
          answers.filter((answer, i) => buyers[i].vip === vip && 'outcome' in answer && answer.outcome === 'held')
            .length;
        const vips = buyers.filter(({ vip }) => vip).length;
        expect(got(true)).toBe(Math.min(vips, available));
        expect(got(false)).toBe(Math.min(buyers.length - vips, available - got(true)));
      }),
    );
  });
});

/** Answers without what depends on the grouping: the version a movement got, and whether it was the first. */
function forget(answer: Decision['answers'][number]): unknown {
  if (answer instanceof Problem) return answer.toData();
  if (!('movement' in answer)) return answer;
  return { ...answer.movement, version: 0, n: 0 };
}
