import { OmitType } from '@nestjs/swagger';
import {
  DeadLetter,
  DeadLetterGroup,
  DiscardDeadLetter,
  ReplayDeadLetters,
  ReplayRun,
  type DeadLetterEntry,
} from '@suite/contracts';

export class DeadLetterView extends DeadLetter {}

export class DeadLetterGroupView extends DeadLetterGroup {}

export class ReplayRunView extends OmitType(ReplayRun, ['replayed']) {}

export class ReplayBody extends ReplayDeadLetters {}

export class DiscardBody extends OmitType(DiscardDeadLetter, ['id']) {}

export const deadLetterView = (letter: DeadLetter): DeadLetterView => ({
  id: letter.id,
  orderId: letter.orderId,
  userId: letter.userId,
  number: letter.number,
  tier: letter.tier,
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

export const groupView = ({ reason, open, error, oldest, newest }: DeadLetterGroup): DeadLetterGroupView => ({
  reason,
  open,
  error,
  oldest,
  newest,
});

export const replayRunView = ({ id, scheduled, until }: ReplayRun): ReplayRunView => ({
  id,
  scheduled,
  ...(until !== undefined && { until }),
});
