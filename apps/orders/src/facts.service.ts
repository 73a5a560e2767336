import { Injectable } from '@nestjs/common';
import { orders } from '@suite/contracts';
import { Bus, failpoints } from '@suite/platform';
import { CountingService } from './counting.service';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderFact } from './order.view';

/** Tells what happened to orders. At least once each: whoever hears it recognises `(orderId, seq)`. */
@Injectable()
export class FactsService {
  constructor(
    private readonly bus: Bus,
    private readonly store: OrderStore,
    private readonly counting: CountingService,
  ) {}

  /** Tells the entries of the history that are not known to be told, in their order. */
  async tell(order: OrderRecord): Promise<void> {
    const untold = order.history.filter(({ seq }) => seq > toldOf(order));
    await Promise.all(untold.map((entry) => this.bus.tell(orders.changed, orderFact(order, entry))));
  }

  /**
   * Tells and counts, and notes that neither is owed any more, unless the order has moved on meanwhile, or all of it is
   * owed again because Redis was emptied: then `told` is another.
   */
  async tellAndNote(order: OrderRecord): Promise<void> {
    await Promise.all([this.tell(order), this.counting.count(order)]);
    if (failpoints) await failpoints.reach('order.told', order);
    await this.store.updateIf({
      key: order,
      condition: { seq: order.seq, told: order.told },
      update: { $set: { told: order.seq, counted: order.seq }, $unset: { 'outbox.tell': 1 } },
    });
  }
}

/** Where there was a claim there was a job, and before the job the first entry was told; unless Redis was emptied since. */
const toldOf = ({ told, claim }: OrderRecord): number => (told === 0 && claim > 0 ? 1 : told);
