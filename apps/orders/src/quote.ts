import { Problem, type FindProduct, type Offer, type PricedProduct, type WantedLine } from '@suite/contracts';

export interface QuotedLine extends PricedProduct {
  currency: string;
}

/**
 * What lines would cost, one for each in the same order, and whether it makes sense to order them: all lines of one stock
 * are judged together.
 * @throws Problem VALIDATION_FAILED for a line that names nothing, STOCK_NOT_FOUND (`stockId` or `productId`, as asked),
 *   INSUFFICIENT_STOCK (`stockId`, `requested`, `available`)
 */
export function quoteOf(lines: WantedLine[], find: FindProduct<Offer>, currency: string): QuotedLine[] {
  const requested = new Map<Offer, number>();
  const quoted = lines.map((line, i): QuotedLine => {
    const { stockId, productId, quantity } = line;
    if (stockId === undefined && productId === undefined) {
      const message = 'a line must name its stockId or its productId';
      throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: `items.${i}.stockId`, message }] });
    }
    const offer = find(line);
    if (!offer) throw new Problem('STOCK_NOT_FOUND', undefined, { stockId, productId });
    requested.set(offer, (requested.get(offer) ?? 0) + quantity);
    const { available: _available, ...product } = offer;
    return { ...product, currency };
  });
  for (const [{ stockId, available }, units] of requested) {
    if (available < units) throw new Problem('INSUFFICIENT_STOCK', undefined, { stockId, requested: units, available });
  }
  return quoted;
}
