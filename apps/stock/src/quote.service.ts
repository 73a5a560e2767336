import { Injectable } from '@nestjs/common';
import {
  Problem,
  type Quote,
  type QuoteAnswer,
  type QuotedLine,
  type ReservedLine,
  type WantedLine,
} from '@suite/contracts';
import { GroupCommit, isConnectivityError } from '@suite/platform';
import { mergeLines } from './ledger-decision';
import { OnSaleService, type FindOnSale } from './on-sale.service';
import { StockConfig } from './stock.config';

/** How long a figure may be reused, in ms. Only good news is taken from it, and the reservation decides in the end. */
const REUSE_MS = 250;
/** Beyond so many figures all are forgotten: cheaper than looking for those that are old. */
const MAX_FIGURES = 10_000;

/**
 * What lines would cost, and whether it makes sense to order them. What is asked in one turn of the event loop, or while
 * others are read, is read together.
 */
@Injectable()
export class QuoteService {
  private readonly figures = new Map<string, { available: number; readAt: number }>();
  private readonly group = new GroupCommit<Quote, QuoteAnswer>({
    name: 'quotes',
    commit: (quotes) => this.answer(quotes),
    maxBatch: 256,
    concurrency: 4,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    private readonly onSale: OnSaleService,
    private readonly config: StockConfig,
  ) {}

  /** @throws Problem VALIDATION_FAILED, STOCK_NOT_FOUND, INSUFFICIENT_STOCK; see the contract for what they carry. */
  quote(quote: Quote): Promise<QuoteAnswer> {
    return this.group.add(quote);
  }

  private async answer(quotes: Quote[]): Promise<(QuoteAnswer | Problem)[]> {
    // Prices are never reused.
    const find = await this.onSale.named(quotes.flatMap(({ lines }) => lines));
    const priced = quotes.map(({ lines }) => priceLines(lines, find, this.config.CURRENCY));
    const needs = priced.map((lines, i) => (lines instanceof Problem ? [] : sumLines(lines, quotes[i].lines)));
    const available = await this.readAvailable(needs.flat());
    return priced.map((lines, i) => (lines instanceof Problem ? lines : (shortage(needs[i], available) ?? { lines })));
  }

  /** From figures read just now, or just before where they suffice: a refusal always rests on a fresh one. */
  private async readAvailable(needs: ReservedLine[]): Promise<Map<string, number>> {
    const readAt = Date.now();
    const available = new Map<string, number>();
    const doubtful = new Set<string>();
    for (const { stockId, quantity } of needs) {
      const figure = this.figures.get(stockId);
      if (figure && readAt - figure.readAt < REUSE_MS && figure.available >= quantity) {
        available.set(stockId, figure.available);
      } else {
        doubtful.add(stockId);
      }
    }
    if (doubtful.size === 0) return available;
    if (this.figures.size > MAX_FIGURES) this.figures.clear();
    for (const [stockId, units] of await this.onSale.available([...doubtful])) {
      available.set(stockId, units);
      this.figures.set(stockId, { available: units, readAt });
    }
    return available;
  }
}

function priceLines(lines: WantedLine[], find: FindOnSale, currency: string): QuotedLine[] | Problem {
  const priced: QuotedLine[] = [];
  for (const [i, line] of lines.entries()) {
    const { stockId, productId } = line;
    if (stockId === undefined && productId === undefined) {
      const message = 'a line must name its stockId or its productId';
      return new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: `lines.${i}.stockId`, message }] });
    }
    const product = find(line);
    if (!product) return new Problem('STOCK_NOT_FOUND', undefined, { stockId, productId });
    priced.push({ ...product, currency });
  }
  return priced;
}

/** All lines of one stock are judged together. */
const sumLines = (priced: QuotedLine[], wanted: WantedLine[]): ReservedLine[] =>
  mergeLines(priced.map(({ stockId }, i) => ({ stockId, quantity: wanted[i].quantity })));

function shortage(needs: ReservedLine[], availability: Map<string, number>): Problem | undefined {
  for (const { stockId, quantity: requested } of needs) {
    const available = availability.get(stockId) ?? 0;
    if (available < requested) return new Problem('INSUFFICIENT_STOCK', undefined, { stockId, requested, available });
  }
  return undefined;
}
