import { tiers, type Tier } from './caller';
import { IsFlag, IsId, IsListOf, IsMinorUnits, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { ById, PageMeta, PageQuery } from './reading';

export const deadLetterStates = ['open', 'replayed', 'discarded'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

export const deadLetterActions = ['scheduled', 'replayed', 'skipped', 'discarded'] as const;
export type DeadLetterAction = (typeof deadLetterActions)[number];

/** Who did what to a dead letter, and when. */
export class DeadLetterEntry {
  @IsOneOf(deadLetterActions)
  action: DeadLetterAction;

  @IsId({ description: 'The admin' })
  by: string;

  @IsTime()
  at: string;

  @IsText(1, 500, { optional: true })
  reason?: string;
}

/** The job that was given up. */
export class DeadJob {
  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsWhole(0, 1_000_000)
  epoch: number;
}

export class DeadLetter {
  @IsId()
  id: string;

  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsText(1, 40, { description: 'The number of the order', example: '0NK4-7Q9X-M2PB' })
  number: string;

  @IsOneOf(tiers)
  tier: Tier;

  @IsMinorUnits({ description: 'What the order comes to' })
  total: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;

  @IsText(1, 100, { description: 'What letters of one cause have in common', example: 'CRASHED' })
  reason: string;

  @IsText(0, 2_000, { description: 'The last error, as the worker reported it' })
  error: string;

  @IsWhole(0, 1_000_000)
  attempts: number;

  @IsWhole(0, 1_000_000, { description: 'How many attempts ended with the death of their worker' })
  crashes: number;

  @IsText(1, 200, { description: 'The request that placed the order; it stands in all its log lines' })
  requestId: string;

  @IsPart(DeadJob)
  payload: DeadJob;

  @IsOneOf(deadLetterStates)
  state: DeadLetterState;

  @IsWhole(0, 1_000_000, { description: 'How often its order was replayed before it died this time' })
  replays: number;

  @IsTime({ optional: true, description: 'When a replay of many will come to it' })
  replayAt?: string;

  @IsListOf(DeadLetterEntry, 0, 1_000)
  audit: DeadLetterEntry[];

  @IsTime()
  at: string;
}

export class DeadLetterQuery extends PageQuery {
  @IsOneOf(deadLetterStates, { optional: true, description: '`open` unless given' })
  state?: DeadLetterState;

  @IsText(1, 100, { optional: true, description: 'Only those of one cause' })
  reason?: string;
}

export class DeadLetterPage {
  @IsListOf(DeadLetter, 0, 100)
  items: DeadLetter[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

/** The open letters of one cause, together. */
export class DeadLetterGroup {
  @IsText(1, 100, { example: 'CRASHED' })
  reason: string;

  @IsWhole(1, Number.MAX_SAFE_INTEGER)
  open: number;

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'How many customers wait for them' })
  customers: number;

  @IsMinorUnits({ description: 'What their orders come to' })
  total: number;

  @IsText(3, 3, { example: 'USD' })
  currency: string;

  @IsText(0, 2_000, { description: 'The error of the newest' })
  error: string;

  @IsTime()
  oldest: string;

  @IsTime()
  newest: string;
}

export class DeadLetterGroups {
  @IsListOf(DeadLetterGroup, 0, 1_000)
  items: DeadLetterGroup[];
}

/** The answer to the replay of one. */
export class ReplayedLetter {
  @IsPart(DeadLetter)
  letter: DeadLetter;

  @IsFlag({ description: 'Was it replayed before, with the same idempotency key?' })
  replayed: boolean;
}

export const MAX_REPLAYED_AT_ONCE = 1_000;

/** Which open letters to replay, oldest first, and how fast: a cause that is not mended would kill the workers again. */
export class ReplayDeadLetters {
  @IsText(1, 100, { optional: true, description: 'Only those of one cause' })
  reason?: string;

  @IsWhole(1, MAX_REPLAYED_AT_ONCE, { optional: true, description: 'At most so many; the default is 100' })
  limit?: number;

  @IsWhole(1, 100, { optional: true, description: 'The pace; the default is 10' })
  perSecond?: number;
}

/** A replay of many: it is written down, and the reconciler carries it out. */
export class ReplayRun {
  @IsId()
  id: string;

  @IsWhole(0, MAX_REPLAYED_AT_ONCE, { description: 'How many letters it concerns' })
  scheduled: number;

  @IsTime({ optional: true, description: 'When it comes to the last of them' })
  until?: string;

  @IsFlag({ description: 'Was it asked for before, with the same idempotency key?' })
  replayed: boolean;
}

export class DiscardDeadLetter extends ById {
  @IsText(1, 500, { example: 'The customer has ordered anew' })
  reason: string;
}
