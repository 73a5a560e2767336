import type { StockPicture } from './ledger-draft';

/** So long after a stock was read, in ms, it is read again: not all that is written of it raises its version. */
const TRUSTED_MS = 250;
/** After a conflict, in ms: another replica moves the same stocks, and guesses would only lose against it. */
const DISTRUST_MS = 1_000;
const MAX_STOCKS = 5_000;

/**
 * How this replica has left the stocks that it moved a moment ago: what a batch may be decided on without reading them,
 * since its write names their versions and fails where they are not what was guessed.
 */
export class RememberedStocks {
  private readonly known = new Map<string, { stock: StockPicture; until: number }>();
  private distrustedUntil = 0;

  /** @param now ms since the epoch */
  recall(stockIds: string[], now: number): Map<string, StockPicture> {
    const found = new Map<string, StockPicture>();
    for (const stockId of stockIds) {
      const { stock, until } = this.known.get(stockId) ?? { until: 0 };
      if (stock && now < until) found.set(stockId, stock);
    }
    return found;
  }

  /** @param now when the batch began that left them like this */
  keep(left: ReadonlyMap<string, StockPicture>, now: number): void {
    if (now < this.distrustedUntil) return;
    if (this.known.size > MAX_STOCKS) this.known.clear();
    for (const [stockId, stock] of left) {
      const { until } = this.known.get(stockId) ?? { until: 0 };
      // Guessed on from guess to guess a stock would never be read again.
      this.known.set(stockId, { stock, until: now < until ? until : now + TRUSTED_MS });
    }
  }

  /** A batch has failed: what is remembered may be wrong. */
  distrust(now: number): void {
    this.known.clear();
    this.distrustedUntil = now + DISTRUST_MS;
  }
}
