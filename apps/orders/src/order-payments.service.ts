import { Injectable } from '@nestjs/common';
import { Problem, type Payment } from '@suite/contracts';
import { Types } from 'mongoose';
import { MovesService } from './moves.service';
import { OrderArchive } from './order-archive';
import { OrderStore } from './order-store';
import { isQuietlyOver, nextStep } from './payment-outcome';
import { PayoutsService } from './payouts.service';
import { openRefunds } from './refund';
import { SettlingService } from './settling.service';

/**
 * Moves orders by what is known of their payments, from wherever it is heard. The order moves first, in one conditional
 * write together with what it owes from then on; stock and mails follow.
 */
@Injectable()
export class OrderPaymentsService {
  constructor(
    private readonly store: OrderStore,
    private readonly archive: OrderArchive,
    private readonly moves: MovesService,
    private readonly settling: SettlingService,
    private readonly payouts: PayoutsService,
  ) {}

  /** @throws Problem SERVICE_UNAVAILABLE while the order is not yet where it could be paid: to be heard again, then. */
  async hear(payment: Payment): Promise<void> {
    const key = { _id: new Types.ObjectId(payment.orderId), userId: new Types.ObjectId(payment.userId) };
    for (;;) {
      const order = (await this.store.find(key)) ?? (await this.archive.bringBack(key));
      if (!order) return;
      if (order.status === 'PENDING') throw new Problem('SERVICE_UNAVAILABLE', 'The order is not that far yet');
      const step = nextStep(order, payment, new Date());
      const moved = step && (await this.moves.move(order, step));
      if (moved) await this.settling.settle(moved);
      if (step) continue;
      if (!isQuietlyOver(order, payment)) break;
      await this.moves.amend(order, { payment: { status: 'EXPIRED' } });
    }
    await this.endRefunds(key, payment);
  }

  /** Refunds of ours of which it is now known what became of them. */
  private async endRefunds(key: { _id: Types.ObjectId; userId: Types.ObjectId }, payment: Payment): Promise<void> {
    const order = payment.refunds.length > 0 ? await this.store.find(key) : undefined;
    const ended = payment.refunds.filter(({ state }) => state !== 'requested').map((refund) => refund.key);
    if (order && openRefunds(order).some(({ id }) => ended.includes(id))) await this.payouts.payOut(order);
  }
}
