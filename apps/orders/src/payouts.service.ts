import { Injectable } from '@nestjs/common';
import { payments, Problem, type Refund } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { FactsService } from './facts.service';
import { MovesService } from './moves.service';
import type { RefundRecord } from './order-details';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { isPaidOnline } from './order-payment';
import { failedRefund, openRefunds, refundStep } from './refund';
import { RestockingService } from './restocking.service';

/** Mostly the provider is done within this, in ms; otherwise the relay asks again. */
const PATIENCE_MS = 1_200;

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
    private readonly bus: Bus,
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
  private async pay(order: OrderRecord, { id: key, amount, reason }: RefundRecord): Promise<Payout> {
    if (!isPaidOnline(order) || amount === 0) return {};
    const wanted = { orderId: String(order._id), key, amount, reason, waitMs: PATIENCE_MS };
    const refund = await this.bus.ask(payments.refund, wanted).catch(refusalOf);
    if (refund.state === 'requested') throw new Problem('SERVICE_UNAVAILABLE', 'The refund is on its way');
    return refund.state === 'done' ? {} : { error: refund.reason ?? 'The provider refused it' };
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

/** What payments refuses it would refuse again. @throws everything else */
function refusalOf(error: unknown): Pick<Refund, 'state' | 'reason'> {
  if (error instanceof Problem && error.kind === 'refused') return { state: 'failed', reason: error.detail };
  throw error;
}
