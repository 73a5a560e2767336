import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, stock, type ById, type DryRun } from '@suite/contracts';
import { Bus, isWeather, requireAdmin } from '@suite/platform';
import type { Model } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';
import { PaymentMethodsService } from './payment-methods.service';
import { QuotesService } from './quotes.service';

/** Whether a dead letter would pass if it were replayed now: its order's state, its stock, its way to pay. */
@Injectable()
export class DryRunsService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly store: OrderStore,
    private readonly config: OrdersConfig,
    private readonly methods: PaymentMethodsService,
    private readonly quotes: QuotesService,
    private readonly bus: Bus,
  ) {}

  /** Only reads; another order may still be quicker. @throws Problem DEAD_LETTER_NOT_FOUND, and the weather's. */
  async run({ id }: ById): Promise<DryRun> {
    requireAdmin();
    const letter = await this.letters.findById(id).lean();
    if (!letter) throw new Problem('DEAD_LETTER_NOT_FOUND');
    try {
      await this.assertPasses(letter);
      return { id, passes: true };
    } catch (error) {
      if (!(error instanceof Problem) || isWeather(error) || error.kind === 'broken') throw error;
      return { id, passes: false, code: error.code, detail: error.detail };
    }
  }

  private async assertPasses({ state, orderId, userId, epoch }: DeadLetterRecord): Promise<void> {
    if (state === 'replayed') throw new Problem('ALREADY_REPLAYED');
    if (state === 'discarded') throw new Problem('INVALID_TRANSITION', 'The dead letter was discarded');
    const order = await this.store.orders.findOne({ _id: orderId, userId });
    if (order?.status !== 'FAILED' || order.epoch !== epoch) {
      throw new Problem('INVALID_TRANSITION', 'There is nothing left to do for this order');
    }
    if ((order.replays ?? 0) >= this.config.DEAD_LETTER_MAX_REPLAYS) throw new Problem('REPLAY_LIMIT_REACHED');
    await this.methods.assertAvailable(order.payment.method);
    await this.assertInStock(order);
  }

  /** What was archived meanwhile cannot be ordered any more, but an order of before still gets it. */
  private async assertInStock({ items }: OrderRecord): Promise<void> {
    const lines = items.map(({ stockId, quantity }) => ({ stockId: String(stockId), quantity }));
    try {
      await this.quotes.quote(lines);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'STOCK_NOT_FOUND') throw error;
      for (const { productId, quantity, name } of items) {
        const product = await this.bus.ask(stock.product, { id: String(productId) });
        if (!product.archived) throw error;
        if (product.stock.available < quantity)
          throw new Problem('INSUFFICIENT_STOCK', `There is not enough of ${name}`);
      }
    }
  }
}
