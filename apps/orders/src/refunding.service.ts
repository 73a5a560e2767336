import { Injectable } from '@nestjs/common';
import type { ChangedOrder, RefundOrder } from '@suite/contracts';
import { CommandsService } from './commands.service';
import { MovesService } from './moves.service';
import { orderAsOf } from './order-as-of';
import { orderView } from './order.view';
import { OrderStore } from './order-store';
import { newRefund } from './refund';
import { SettlingService } from './settling.service';

/**
 * Refunds as admins ask for them: written down as requested, and only then paid out. Whatever dies in between, the relay
 * pays it out once, and a repetition with the same key finds it.
 */
@Injectable()
export class RefundingService {
  constructor(
    private readonly commands: CommandsService,
    private readonly store: OrderStore,
    private readonly moves: MovesService,
    private readonly settling: SettlingService,
  ) {}

  /**
   * The order with the refund; as it was before, where it could not be paid out yet.
   * @throws Problem FORBIDDEN, ORDER_NOT_FOUND, INVALID_TRANSITION, REFUND_EXCEEDS_CAPTURE, VALIDATION_FAILED,
   * IDEMPOTENCY_KEY_REUSED
   */
  async refund(body: RefundOrder): Promise<ChangedOrder> {
    const { order, made, replayed } = await this.commands.run('orders.refund', body, ({ order, by, made: id, key }) => {
      const refund = { ...newRefund(order, body, by, body.reason), id };
      return this.moves.amend(order, { refunds: [...(order.refunds ?? []), refund], key }, { refund: true });
    });
    await this.settling.settle(order);
    const now = (await this.store.find(order)) ?? order;
    const { seq = now.seq } = now.refunds!.find(({ id }) => id === made)!;
    return { order: orderView(orderAsOf(now, seq)), replayed };
  }
}
