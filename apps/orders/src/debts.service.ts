import { Injectable } from '@nestjs/common';
import { failpoints, gauge, runInContext } from '@suite/platform';
import { CompensationService } from './compensation.service';
import { DispatchService } from './dispatch.service';
import { FactsService } from './facts.service';
import { contextOf } from './order-context';
import type { OrderRecord, Outbox } from './order.schema';
import { OrderStore } from './order-store';
import { PayoutsService } from './payouts.service';
import { RestockingService } from './restocking.service';
import { SellingService } from './selling.service';

/** The fast path pays within milliseconds; what is older than this, in ms, it has lost or could not pay. */
const GRACE_MS: Record<keyof Outbox, number> = {
  enqueue: 1_000,
  tell: 2_000,
  compensate: 0,
  restock: 1_000,
  refund: 2_000,
  commit: 1_000,
};
const debtNames = Object.keys(GRACE_MS) as (keyof Outbox)[];
const BATCH = 500;

/** Pays what orders owe to the rest of the suite: the relay of the outbox. Every payment is safe to repeat. */
@Injectable()
export class DebtsService {
  constructor(
    private readonly store: OrderStore,
    private readonly dispatch: DispatchService,
    private readonly facts: FactsService,
    private readonly compensation: CompensationService,
    private readonly restocking: RestockingService,
    private readonly payouts: PayoutsService,
    private readonly selling: SellingService,
  ) {
    gauge(
      'orders_overdue_debts',
      'Orders that owe something for longer than the fast path takes to pay it; the same on every replica',
      () =>
        Promise.all(
          debtNames.map(async (debt): Promise<[{ debt: string }, number]> => [{ debt }, await this.countOverdue(debt)]),
        ),
      ['debt'],
    );
    gauge(
      'orders_oldest_debt_seconds',
      'For how long the oldest of what orders owe has been owed, 0 where nothing is; the same on every replica',
      () =>
        Promise.all(
          debtNames.map(async (debt): Promise<[{ debt: string }, number]> => [{ debt }, await this.ageOfOldest(debt)]),
        ),
      ['debt'],
    );
  }

  /** Orders accepted by a process that died before they were enqueued, or while Redis was away. Returns how many. */
  enqueue(): Promise<number> {
    return this.pay('enqueue', async (order) => {
      await this.dispatch.resend(order);
      if (failpoints) await failpoints.reach('order.resent', order);
      await this.store.updateIf({
        key: order,
        // If Redis was emptied meanwhile, the job may be gone with it: then both are still owed.
        condition: { epoch: order.epoch, told: order.told },
        update: { $max: { told: order.seq }, $unset: { 'outbox.enqueue': 1 } },
      });
    });
  }

  tell(): Promise<number> {
    return this.pay('tell', (order) => this.facts.tellAndNote(order));
  }

  compensate(): Promise<number> {
    return this.pay('compensate', (order) => this.compensation.compensate(order));
  }

  restock(): Promise<number> {
    return this.pay('restock', (order) => this.restocking.restock(order));
  }

  refund(): Promise<number> {
    return this.pay('refund', (order) => this.payouts.payOut(order));
  }

  commit(): Promise<number> {
    return this.pay('commit', (order) => this.selling.sell(order));
  }

  private countOverdue(debt: keyof Outbox): Promise<number> {
    return this.store.orders.countDocuments(overdue(debt));
  }

  private async ageOfOldest(debt: keyof Outbox): Promise<number> {
    const path = pathOf(debt);
    const [oldest] = await this.store.orders
      .find({ [path]: { $exists: true } }, { projection: { outbox: 1 } })
      .sort({ [path]: 1 })
      .limit(1)
      .toArray();
    return oldest ? (Date.now() - oldest.outbox[debt]!.getTime()) / 1_000 : 0;
  }

  private async pay(debt: keyof Outbox, payment: (order: OrderRecord) => Promise<void>): Promise<number> {
    let paid = 0;
    for (;;) {
      const owing = await this.store.orders
        .find(overdue(debt))
        .sort({ [pathOf(debt)]: 1 })
        .limit(BATCH)
        .toArray();
      await Promise.all(owing.map((order) => runInContext(contextOf(order), () => payment(order))));
      paid += owing.length;
      if (owing.length < BATCH) return paid;
    }
  }
}

const pathOf = (debt: keyof Outbox): string => `outbox.${debt}`;
const overdue = (debt: keyof Outbox) => ({ [pathOf(debt)]: { $lte: new Date(Date.now() - GRACE_MS[debt]) } });
