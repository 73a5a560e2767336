import { Injectable } from '@nestjs/common';
import type { Offer, OfferQuery, Offers } from '@suite/contracts';
import { GroupCommit, isConnectivityError } from '@suite/platform';
import { OnSaleService } from './on-sale.service';
import { StockConfig } from './stock.config';

/**
 * What is for sale just now. Unlike a quote it judges nothing and refuses nothing: a cart shows what has become of it.
 * What is asked in one turn of the event loop, or while others are read, is read together.
 */
@Injectable()
export class OffersService {
  private readonly group = new GroupCommit<OfferQuery, Offers>({
    name: 'offers',
    commit: (queries) => this.answer(queries),
    maxBatch: 256,
    concurrency: 4,
    separate: (error) => !isConnectivityError(error),
  });

  constructor(
    private readonly onSale: OnSaleService,
    private readonly config: StockConfig,
  ) {}

  find(query: OfferQuery): Promise<Offers> {
    return this.group.add(query);
  }

  private async answer(queries: OfferQuery[]): Promise<Offers[]> {
    const lines = queries.flatMap(({ wanted }) => wanted);
    const find = await this.onSale.named(lines);
    const available = await this.onSale.available(lines.flatMap((line) => find(line)?.stockId ?? []));
    const offer = (line: OfferQuery['wanted'][number]): Offer | [] => {
      const product = find(line);
      return product ? { ...product, available: available.get(product.stockId) ?? 0 } : [];
    };
    return queries.map(({ wanted }) => ({ currency: this.config.CURRENCY, offers: wanted.flatMap(offer) }));
  }
}
