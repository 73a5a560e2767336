import { Injectable } from '@nestjs/common';
import { debtNames, type DebtName } from '@suite/contracts';
import { failpoints, gauge, runInContext } from '@suite/platform';
import { CompensationService } from './compensation.service';
import { DispatchService } from './dispatch.service';
import { FactsService } from './facts.service';
import { contextOf } from './order-context';
import { ageMs, oldestOwed, pathOf } from './oldest-debt';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { PayoutsService } from './payouts.service';
import { RestockingService } from './restocking.service';
import { SellingService } from './selling.service';

/** The fast path pays within milliseconds; what is older than this, in ms, it has lost or could not pay. */
const GRACE_MS: Record<DebtName, number> = {
  // Nobody notes that a job is in the queue, since most are done before that would be written: the relay looks.
  enqueue: 2_000,
  tell: 2_000,
  compensate: 0,
  restock: 1_000,
  refund: 2_000,
  commit: 1_000,
};
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
      () => ofEachDebt((debt) => this.store.orders.countDocuments(overdue(debt))),
      ['debt'],
    );
    gauge(
      'orders_oldest_debt_seconds',
      'For how long the oldest of what orders owe has been owed, 0 where nothing is; the same on every replica',
      () => ofEachDebt(async (debt) => ageMs(await oldestOwed(this.store.orders, debt)) / 1_000),
      ['debt'],
    );
  }

  /**
   * Orders accepted by a process that died before they were enqueued, or while Redis was away; of those that only wait
   * long in the queue it is noted that they are there. Returns how many were lost.
   */
  enqueue(): Promise<number> {
    return this.pay('enqueue', async (order) => {
      const lost = !(await this.dispatch.isEnqueued(order));
      if (lost) await this.dispatch.resend(order);
      if (failpoints) await failpoints.reach('order.resent', order);
      await this.store.updateIf({
        key: order,
        // If Redis was emptied meanwhile, the job may be gone with it: then both are still owed.
        condition: { epoch: order.epoch, told: order.told },
        update: { $max: { told: order.seq }, $unset: { 'outbox.enqueue': 1 } },
      });
      return lost;
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

  /** @param payment false: it was paid before, and only not known to be */
  private async pay(debt: DebtName, payment: (order: OrderRecord) => Promise<boolean | void>): Promise<number> {
    let paid = 0;
    for (;;) {
      const owing = await this.store.orders
        .find(overdue(debt))
        .sort({ [pathOf(debt)]: 1 })
        .limit(BATCH)
        .toArray();
      const outcomes = await Promise.all(owing.map((order) => runInContext(contextOf(order), () => payment(order))));
      paid += outcomes.filter((outcome) => outcome !== false).length;
      if (owing.length < BATCH) return paid;
    }
  }
}

const ofEachDebt = (read: (debt: DebtName) => Promise<number>): Promise<[{ debt: DebtName }, number][]> =>
  Promise.all(debtNames.map(async (debt) => [{ debt }, await read(debt)]));

const overdue = (debt: DebtName) => ({ [pathOf(debt)]: { $lte: new Date(Date.now() - GRACE_MS[debt]) } });
