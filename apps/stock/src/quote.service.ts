import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  Problem,
  type Quote,
  type QuoteAnswer,
  type QuotedLine,
  type ReservedLine,
  type WantedLine,
} from '@suite/contracts';
import { GroupCommit, isConnectivityError } from '@suite/platform';
import type { Model, QueryFilter } from 'mongoose';
import { mergeLines } from './ledger-decision';
import { ProductRecord } from './product.schema';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

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
    commit: (quotes) => this.answer(quotes),
    maxBatch: 256,
    concurrency: 4,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    private readonly config: StockConfig,
  ) {}

  /** @throws Problem VALIDATION_FAILED, STOCK_NOT_FOUND, INSUFFICIENT_STOCK; see the contract for what they carry. */
  quote(quote: Quote): Promise<QuoteAnswer> {
    return this.group.add(quote);
  }

  private async answer(quotes: Quote[]): Promise<(QuoteAnswer | Problem)[]> {
    const find = await this.readProducts(quotes.flatMap(({ lines }) => lines));
    const priced = quotes.map(({ lines }) => priceLines(lines, find, this.config.CURRENCY));
    const needs = priced.map((lines, i) => (lines instanceof Problem ? [] : sumLines(lines, quotes[i].lines)));
    const available = await this.readAvailable(needs.flat());
    return priced.map((lines, i) => (lines instanceof Problem ? lines : (shortage(needs[i], available) ?? { lines })));
  }

  /** Prices are never reused. */
  private async readProducts(lines: WantedLine[]): Promise<FindProduct> {
    const stockIds = lines.flatMap(({ stockId }) => stockId ?? []);
    const productIds = lines.flatMap(({ productId }) => productId ?? []);
    const named: QueryFilter<ProductRecord>[] = [{ stockId: { $in: stockIds } }, { _id: { $in: productIds } }];
    const fields = { stockId: 1, sku: 1, name: 1, price: 1 } as const;
    const found = await this.products.find({ $or: named, archived: false }, fields).lean<Sold[]>();
    const byStock = new Map(found.map((product) => [String(product.stockId), product]));
    const byProduct = new Map(found.map((product) => [String(product._id), product]));
    return ({ stockId, productId }) => {
      const product = stockId === undefined ? byProduct.get(productId!) : byStock.get(stockId);
      return productId === undefined || String(product?._id) === productId ? product : undefined;
    };
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
    const stocks = await this.stocks.find({ _id: { $in: [...doubtful] } }, { available: 1 }).lean();
    for (const stock of stocks) {
      available.set(String(stock._id), stock.available);
      this.figures.set(String(stock._id), { available: stock.available, readAt });
    }
    return available;
  }
}

type Sold = Pick<ProductRecord, '_id' | 'stockId' | 'sku' | 'name' | 'price'>;
type FindProduct = (line: WantedLine) => Sold | undefined;

function priceLines(lines: WantedLine[], find: FindProduct, currency: string): QuotedLine[] | Problem {
  const priced: QuotedLine[] = [];
  for (const [i, line] of lines.entries()) {
    const { stockId, productId } = line;
    if (stockId === undefined && productId === undefined) {
      const message = 'a line must name its stockId or its productId';
      return new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: `lines.${i}.stockId`, message }] });
    }
    const product = find(line);
    if (!product) return new Problem('STOCK_NOT_FOUND', undefined, { stockId, productId });
    const { sku, name, price } = product;
    priced.push({ stockId: String(product.stockId), productId: String(product._id), sku, name, price, currency });
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
