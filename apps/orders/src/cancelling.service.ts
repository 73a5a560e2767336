import { Injectable, Logger } from '@nestjs/common';
import { Problem, type ById, type Order } from '@suite/contracts';
import { callerOf, isWeather } from '@suite/platform';
import { Types } from 'mongoose';
import { CompensationService } from './compensation.service';
import { FactsService } from './facts.service';
import { MovesService } from './moves.service';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderView } from './order.view';

/**
 * Cancels orders against everything that can happen at the same time: the order moves first, in one conditional write
 * that bumps its epoch, so that whatever still works on it changes nothing from then on; the stock goes back after it.
 */
@Injectable()
export class CancellingService {
  private readonly log = new Logger(CancellingService.name);

  constructor(
    private readonly store: OrderStore,
    private readonly moves: MovesService,
    private readonly compensation: CompensationService,
    private readonly facts: FactsService,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND, INVALID_TRANSITION */
  async cancel({ id }: ById): Promise<Order> {
    const { userId } = callerOf();
    const key = { _id: new Types.ObjectId(id), userId: new Types.ObjectId(userId) };
    for (;;) {
      const order = await this.store.find(key);
      if (!order) throw new Problem('ORDER_NOT_FOUND');
      const cancelled = await this.moves.move(order, { to: 'CANCELLED', by: userId, giveUp: {} });
      // Otherwise somebody else moved or claimed it in between: read it again and decide anew.
      if (cancelled) {
        await this.settle(cancelled);
        return orderView(cancelled);
      }
    }
  }

  /** It is cancelled already, and what fails here is still owed. */
  private async settle(order: OrderRecord): Promise<void> {
    const results = await Promise.allSettled([this.compensation.compensate(order), this.facts.tellAndNote(order)]);
    for (const result of results) {
      if (result.status === 'rejected' && !isWeather(result.reason)) this.log.warn(String(result.reason));
    }
  }
}
