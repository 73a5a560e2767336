import { Injectable } from '@nestjs/common';
import { finderOf, MAX_LINES, stock, type FindProduct, type Offer } from '@suite/contracts';
import type { Offers, Wanted, WantedLine } from '@suite/contracts';
import { Bus, GroupCommit, onBehalfOfMany } from '@suite/platform';
import { quoteOf, type QuotedLine } from './quote';

interface LookedUp {
  currency: string;
  find: FindProduct<Offer>;
}

/**
 * Quotes from what stock offers just now, read anew each time: prices are binding. Who asks while others are looked up is
 * looked up with the next ones, and each product once, so that a rush on one product costs stock one line and not one
 * a buyer. Nothing is held by a quote: the reservation decides.
 */
@Injectable()
export class QuotesService {
  private readonly looking = new GroupCommit<Wanted[], LookedUp>({
    name: 'quotes',
    commit: (many) => this.lookUp(many),
    maxBatch: 256,
    concurrency: 2,
    separate: () => false,
  });

  constructor(private readonly bus: Bus) {}

  /** @throws Problem STOCK_NOT_FOUND, INSUFFICIENT_STOCK, as `quoteOf`; and the weather's */
  async quote(lines: WantedLine[]): Promise<QuotedLine[]> {
    const { find, currency } = await this.looking.add(lines);
    return quoteOf(lines, find, currency);
  }

  private async lookUp(many: Wanted[][]): Promise<LookedUp[]> {
    const distinct = new Map(
      many.flat().map(({ stockId, productId }) => [`${stockId} ${productId}`, { stockId, productId }]),
    );
    const answers = await onBehalfOfMany(() => this.ask([...distinct.values()]));
    const lookedUp = {
      currency: answers[0].currency,
      find: finderOf(answers.flatMap(({ offers }) => offers)),
    };
    return many.map(() => lookedUp);
  }

  private ask(wanted: Wanted[]): Promise<Offers[]> {
    const portions: Wanted[][] = [];
    for (let i = 0; i < wanted.length; i += MAX_LINES) portions.push(wanted.slice(i, i + MAX_LINES));
    return Promise.all(portions.map((portion) => this.bus.ask(stock.offers, { wanted: portion })));
  }
}
