import fc from 'fast-check';
import { MemoryLedger, reserve, stockIds } from './memory-ledger';
import { decide } from './ledger-decision';
import { RememberedStocks } from './remembered-stocks';

const [tea] = stockIds;
const picture = (version: number) => ({ available: 5, reserved: 0, sold: 0, version, lowStockThreshold: -1 });
const recalled = (stocks: RememberedStocks, now: number) => stocks.recall([tea], now).get(tea)?.version;

describe('remembered stocks', () => {
  it('are as the last batch has left them', () => {
    const stocks = new RememberedStocks();
    expect(recalled(stocks, 0)).toBeUndefined();
    stocks.keep(new Map([[tea, picture(2)]]), 0);
    stocks.keep(new Map([[tea, picture(3)]]), 100);
    expect(recalled(stocks, 101)).toBe(3);
    expect(stocks.recall([stockIds[1]], 101).size).toBe(0);
  });

  it('are read again now and then, however many batches follow each other', () => {
    const stocks = new RememberedStocks();
    for (let now = 0; now <= 200; now += 50) stocks.keep(new Map([[tea, picture(now)]]), now);
    expect(recalled(stocks, 249)).toBe(200);
    expect(recalled(stocks, 250)).toBeUndefined();
    stocks.keep(new Map([[tea, picture(7)]]), 251);
    expect(recalled(stocks, 500)).toBe(7);
  });

  it('are not guessed for a while after a guess was wrong', () => {
    const stocks = new RememberedStocks();
    stocks.keep(new Map([[tea, picture(2)]]), 0);
    stocks.distrust(10);
    stocks.keep(new Map([[tea, picture(3)]]), 1_009);
    expect(recalled(stocks, 1_009)).toBeUndefined();
    stocks.keep(new Map([[tea, picture(4)]]), 1_010);
    expect(recalled(stocks, 1_010)).toBe(4);
  });

  it('are what a ledger reads, as long as nobody else writes', () => {
    const lines = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), lines, fc.boolean()), { maxLength: 12 }), (orders) => {
        const ledger = new MemoryLedger(9, 9, 9);
        const stocks = new RememberedStocks();
        for (const [now, [order, wanted, commit]] of orders.entries()) {
          const request = reserve(order, now, wanted, { commit });
          const guessed = new Map([...ledger.stocks, ...stocks.recall(stockIds, now)]);
          const { answers } = decide({ ...pictureOf(ledger), stocks: guessed }, [request], new Date(now));
          const read = ledger.run(request);
          expect(answers).toEqual(read.answers);
          stocks.keep(read.left, now);
          for (const [stockId, stock] of read.left) expect(stock).toMatchObject(ledger.stocks.get(stockId)!);
        }
      }),
    );
  });
});

const pictureOf = ({ reservations, adjustments }: MemoryLedger) => ({ reservations, adjustments });
