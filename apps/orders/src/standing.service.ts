import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  debtNames,
  MAX_COUNTED,
  tiers,
  type Debt,
  type Debts,
  type LaneStanding,
  type Standing,
  type Tier,
} from '@suite/contracts';
import { durationMs, requireAdmin } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';
import { ageMs, oldestOwed, pathOf } from './oldest-debt';
import { ALL_INDEX, type OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { OrdersConfig } from './orders.config';

/** How orders stand just now. Every figure is read along an index and counted to a bound, so that it costs little. */
@Injectable()
export class StandingService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly store: OrderStore,
    private readonly config: OrdersConfig,
  ) {}

  async now(): Promise<Standing> {
    requireAdmin();
    const [lanes, awaitingPayment, dead] = await Promise.all([
      Promise.all(tiers.map((lane) => this.lane(lane))),
      this.count({ status: 'AWAITING_PAYMENT', tier: { $in: [...tiers] } }, ALL_INDEX),
      this.letters.countDocuments({ state: 'open' }, { limit: MAX_COUNTED }),
    ]);
    const standardMaxWaitMs = durationMs(this.config.STANDARD_MAX_WAIT);
    return { lanes, standardMaxWaitMs, awaitingPayment, dead };
  }

  async debts(): Promise<Debts> {
    requireAdmin();
    return { items: await Promise.all(debtNames.map((name) => this.debt(name))) };
  }

  private async lane(lane: Tier): Promise<LaneStanding> {
    const waiting = { status: 'PENDING', tier: lane } as const;
    const [pending, oldest] = await Promise.all([
      this.count(waiting, ALL_INDEX),
      this.store.orders.findOne(waiting, { sort: { createdAt: 1 }, projection: { createdAt: 1 }, hint: ALL_INDEX }),
    ]);
    return { lane, pending, oldestMs: ageMs(oldest?.createdAt) };
  }

  private async debt(name: Debt['name']): Promise<Debt> {
    const path = pathOf(name);
    const [orders, oldest] = await Promise.all([
      this.count({ [path]: { $exists: true } }, { [path]: 1 }),
      oldestOwed(this.store.orders, name),
    ]);
    return { name, orders, oldestMs: ageMs(oldest) };
  }

  private count(filter: mongo.Filter<OrderRecord>, hint: mongo.Hint): Promise<number> {
    return this.store.orders.countDocuments(filter, { limit: MAX_COUNTED, hint });
  }
}
