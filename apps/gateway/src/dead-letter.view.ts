import { OmitType } from '@nestjs/swagger';
import {
  DeadLetter,
  DeadLetterGroup,
  DiscardDeadLetter,
  DryRun,
  IsPrice,
  ReplayDeadLetters,
  ReplayRun,
  type DeadLetterEntry,
} from '@suite/contracts';
import { toDecimal } from './money';

export class DeadLetterView extends OmitType(DeadLetter, ['total']) {
  @IsPrice({ description: 'What the order comes to' })
  total: number;
}

export class DeadLetterGroupView extends OmitType(DeadLetterGroup, ['total']) {
  @IsPrice({ description: 'What their orders come to' })
  total: number;
}

export class DryRunView extends DryRun {}

export class ReplayRunView extends OmitType(ReplayRun, ['replayed']) {}

export class ReplayBody extends ReplayDeadLetters {}

export class DiscardBody extends OmitType(DiscardDeadLetter, ['id']) {}

export const deadLetterView = (letter: DeadLetter): DeadLetterView => ({
  id: letter.id,
  orderId: letter.orderId,
  userId: letter.userId,
  number: letter.number,
  tier: letter.tier,
  total: toDecimal(letter.total),
  currency: letter.currency,
  reason: letter.reason,
  error: letter.error,
  attempts: letter.attempts,
  crashes: letter.crashes,
  requestId: letter.requestId,
  payload: { orderId: letter.payload.orderId, userId: letter.payload.userId, epoch: letter.payload.epoch },
  state: letter.state,
  replays: letter.replays,
  ...(letter.replayAt !== undefined && { replayAt: letter.replayAt }),
  audit: letter.audit.map(entryView),
  at: letter.at,
});

const entryView = ({ action, by, at, reason }: DeadLetterEntry): DeadLetterEntry => ({
  action,
  by,
  at,
  ...(reason !== undefined && { reason }),
});

export const groupView = (group: DeadLetterGroup): DeadLetterGroupView => ({
  reason: group.reason,
  open: group.open,
  customers: group.customers,
  total: toDecimal(group.total),
  currency: group.currency,
  error: group.error,
  oldest: group.oldest,
  newest: group.newest,
});

export const dryRunView = ({ id, passes, code, detail }: DryRun): DryRunView => ({
  id,
  passes,
  ...(code !== undefined && { code }),
  ...(detail !== undefined && { detail }),
});

export const replayRunView = ({ id, scheduled, until }: ReplayRun): ReplayRunView => ({
  id,
  scheduled,
  ...(until !== undefined && { until }),
});
