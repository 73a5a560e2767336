import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { isWeather } from '@suite/platform';
import { CompensationService } from './compensation.service';
import { FactsService } from './facts.service';
import type { OrderRecord } from './order.schema';
import { PayoutsService } from './payouts.service';
import { RestockingService } from './restocking.service';
import { SellingService } from './selling.service';

/** So long, in ms, somebody who has changed an order waits for what follows from it, and no longer. */
const PATIENCE_MS = 1_500;

/** Pays at once what an order owes. What fails here, or takes too long, stays owed, and the relay pays it. */
@Injectable()
export class SettlingService {
  private readonly log = new Logger(SettlingService.name);

  constructor(
    private readonly facts: FactsService,
    private readonly compensation: CompensationService,
    private readonly restocking: RestockingService,
    private readonly payouts: PayoutsService,
    private readonly selling: SellingService,
  ) {}

  async settle(order: OrderRecord): Promise<void> {
    const { tell, compensate, restock, refund, commit } = order.outbox;
    const payments: Promise<void>[] = [];
    if (tell) payments.push(this.facts.tellAndNote(order));
    if (compensate) payments.push(this.compensation.compensate(order));
    if (commit) payments.push(this.selling.sell(order));
    if (restock) payments.push(this.restocking.restock(order));
    if (refund) payments.push(this.payouts.payOut(order));
    const enough = new AbortController();
    const patience = pause(PATIENCE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([Promise.all(payments.map((payment) => this.orComplain(payment))), patience]);
    enough.abort();
  }

  private orComplain(payment: Promise<void>): Promise<void> {
    return payment.catch((error: Error) => {
      if (!isWeather(error)) this.log.warn(String(error));
    });
  }
}
