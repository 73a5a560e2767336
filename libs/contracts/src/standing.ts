import { IsFlag, IsId, IsListOf, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { tiers, type Tier } from './caller';
import { DeadLetter } from './dead-letter';
import { Order } from './order';

/** What orders may owe to the rest of the suite: the fields of their outbox. */
export const debtNames = ['enqueue', 'tell', 'compensate', 'restock', 'refund', 'commit'] as const;
export type DebtName = (typeof debtNames)[number];

/** Nobody reads more than that there are very many; counting on would cost. */
export const MAX_COUNTED = 10_000;

export class LaneStanding {
  @IsOneOf(tiers)
  lane: Tier;

  @IsWhole(0, MAX_COUNTED, { description: 'Orders that are PENDING; counted up to 10,000' })
  pending: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'For how long the oldest of them has waited, in ms' })
  oldestMs: number;
}

/** Orders that owe something. The fast path pays within milliseconds: what is old was left behind. */
export class Debt {
  @IsOneOf(debtNames)
  name: DebtName;

  @IsWhole(0, MAX_COUNTED)
  orders: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'For how long the oldest is owed, in ms' })
  oldestMs: number;
}

/** How orders stand just now: what an operator looks at every second, so all of it is counted along indexes. */
export class Standing {
  @IsListOf(LaneStanding, 0, 10)
  lanes: LaneStanding[];

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'The longest a standard order may wait, in ms', example: 30_000 })
  standardMaxWaitMs: number;

  @IsWhole(0, MAX_COUNTED, { description: 'Orders that wait for their payment' })
  awaitingPayment: number;

  @IsWhole(0, MAX_COUNTED, { description: 'Open dead letters' })
  dead: number;
}

export class Debts {
  @IsListOf(Debt, 0, debtNames.length)
  items: Debt[];
}

/** All that the orders service knows of one order, for whoever has to explain it. */
export class OrderStory {
  @IsPart(Order)
  order: Order;

  @IsText(0, 200, { description: 'The request that placed it; it stands in all its log lines' })
  requestId: string;

  @IsWhole(0, 1_000_000, { description: 'How often a worker has taken it up' })
  claims: number;

  @IsWhole(0, 1_000_000, { description: 'How often a worker has died with it, or frozen' })
  crashes: number;

  @IsWhole(0, 1_000_000, { description: 'How often it was replayed from the dead letters' })
  replays: number;

  @IsTime({ optional: true, description: 'When it was moved before all others, having waited for so long' })
  promotedAt?: string;

  @IsListOf(DeadLetter, 0, 100)
  letters: DeadLetter[];
}

/** Would a dead letter pass if it were replayed now? Nothing is done, and nothing is held. */
export class DryRun {
  @IsId()
  id: string;

  @IsFlag()
  passes: boolean;

  @IsText(0, 100, { optional: true, description: 'The code of what stands in its way', example: 'STOCK_NOT_FOUND' })
  code?: string;

  @IsText(0, 500, { optional: true, description: 'The same in words' })
  detail?: string;
}
