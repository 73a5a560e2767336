import { Injectable } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { FactsService } from './facts.service';
import { MovesService } from './moves.service';
import type { RefundRecord } from './order-details';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { failedRefund, openRefunds, refundStep } from './refund';
import { RestockingService } from './restocking.service';

/** What became of a refund; undefined `error`: it was paid out. */
export interface Payout {
  error?: string;
}

/**
 * Pays out requested refunds and writes down what became of them. Every step is safe to repeat: whoever pays knows a
 * refund by its id, and only the first who writes the outcome changes anything.
 */
@Injectable()
export class PayoutsService {
  constructor(
    private readonly store: OrderStore,
    private readonly moves: MovesService,
    private readonly facts: FactsService,
    private readonly restocking: RestockingService,
  ) {}

  /** @throws when it is not known that all were paid out; safe to repeat. */
  async payOut(order: OrderRecord): Promise<void> {
    for (const refund of openRefunds(order)) {
      const payout = await this.pay(order, refund);
      const ended = await this.end(order, refund, payout);
      if (ended?.outbox.tell) await this.facts.tellAndNote(ended);
      if (ended?.outbox.restock) await this.restocking.restock(ended);
    }
  }

  /** Cash is handed back by people. @throws what is weather: then it is paid later. */
  private pay({ payment }: OrderRecord, _refund: RefundRecord): Promise<Payout> {
    if (payment.method === 'CASH_ON_DELIVERY') return Promise.resolve({});
    return Promise.reject(new Problem('PAYMENT_METHOD_UNAVAILABLE'));
  }

  /** The order with the outcome; undefined when somebody else has written it. */
  private async end(key: OrderRecord, { id }: RefundRecord, { error }: Payout): Promise<OrderRecord | undefined> {
    for (;;) {
      const order = await this.store.find(key);
      const refund = order && openRefunds(order).find((open) => open.id === id);
      if (!refund) return undefined;
      const ended =
        error === undefined
          ? await this.moves.move(order, refundStep(order, refund))
          : await this.moves.amend(order, ...failedRefund(order, refund, error));
      if (ended) return ended;
    }
  }
}
