import { Injectable } from '@nestjs/common';
import { stock } from '@suite/contracts';
import { Bus } from '@suite/platform';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

/** Gives back what refunds put on sale again. The order counts it first; stock hears the totals, however often. */
@Injectable()
export class RestockingService {
  constructor(
    private readonly store: OrderStore,
    private readonly bus: Bus,
  ) {}

  async restock(order: OrderRecord): Promise<void> {
    const { _id, epoch, seq, items } = order;
    const lines = items.flatMap(({ stockId, restocked: quantity = 0 }) =>
      quantity > 0 ? [{ stockId: String(stockId), quantity }] : [],
    );
    await this.bus.ask(stock.restock, { orderId: String(_id), epoch, lines });
    // Unless there is more by now, which is owed as well.
    await this.store.updateIf({ key: order, condition: { seq }, update: { $unset: { 'outbox.restock': 1 } } });
  }
}
