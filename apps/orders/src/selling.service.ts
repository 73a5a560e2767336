import { Injectable, Logger } from '@nestjs/common';
import { Problem, stock } from '@suite/contracts';
import { Bus } from '@suite/platform';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

/** What a paid order holds is sold. The order was confirmed first; its undo is a release in a later epoch. */
@Injectable()
export class SellingService {
  private readonly log = new Logger(SellingService.name);

  constructor(
    private readonly store: OrderStore,
    private readonly bus: Bus,
  ) {}

  async sell(order: OrderRecord): Promise<void> {
    const { epoch } = order;
    await this.bus.ask(stock.commit, { orderId: String(order._id), epoch }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'INVALID_TRANSITION') throw error;
      return this.complainUnlessGivenUp(order);
    });
    await this.store.updateIf({ key: order, condition: { epoch }, update: { $unset: { 'outbox.commit': 1 } } });
  }

  /** An order that was cancelled meanwhile has released it; any other must have held it. */
  private async complainUnlessGivenUp(order: OrderRecord): Promise<void> {
    const now = await this.store.find(order);
    if (now?.epoch === order.epoch) this.log.error(`Order ${order.number} is paid, and nothing was held for it`);
  }
}
