import { Injectable } from '@nestjs/common';
import { payments, stock } from '@suite/contracts';
import { Bus, failpoints } from '@suite/platform';
import { DeadLettersService } from './dead-letters.service';
import { isPaidOnline, paymentOf } from './order-payment';
import type { OrderRecord } from './order.schema';
import { wasConfirmed } from './refund';
import { OrderStore } from './order-store';

/** The automatic rollback: what an order that was given up had taken goes back. Every step is safe to repeat. */
@Injectable()
export class CompensationService {
  constructor(
    private readonly store: OrderStore,
    private readonly deadLetters: DeadLettersService,
    private readonly bus: Bus,
  ) {}

  /**
   * Giving up has bumped the epoch, and releases in it: a reservation that is still on its way finds the door shut. What
   * fails here stays owed in the outbox, and the reconciler pays it.
   */
  async compensate(order: OrderRecord): Promise<void> {
    // Of a confirmed order it is refunds that give the money back, and they are written down with it.
    if (isPaidOnline(order) && !wasConfirmed(order)) await this.bus.ask(payments.giveBack, paymentOf(order));
    await this.bus.ask(stock.release, { orderId: String(order._id), epoch: order.epoch });
    if (failpoints) await failpoints.reach('order.released', order);
    if (order.failure?.code === 'PROCESSING_FAILED') await this.deadLetters.write(order);
    if (failpoints) await failpoints.reach('order.buried', order);
    await this.store.updateIf({
      key: order,
      condition: { epoch: order.epoch },
      update: { $unset: { 'outbox.compensate': 1 } },
    });
  }
}
