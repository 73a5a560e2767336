import { OmitType } from '@nestjs/swagger';
import { DeadMail, DiscardDeadLetter, ReplayedMails, ReplayMails } from '@suite/contracts';

export class DeadMailView extends DeadMail {}

export class ReplayedMailsView extends ReplayedMails {}

export class ReplayMailsBody extends ReplayMails {}

export class DiscardMailBody extends OmitType(DiscardDeadLetter, ['id']) {}

export const deadMailView = (letter: DeadMail): DeadMailView => ({
  id: letter.id,
  key: letter.key,
  kind: letter.kind,
  to: letter.to,
  ...(letter.userId !== undefined && { userId: letter.userId }),
  reason: letter.reason,
  error: letter.error,
  attempts: letter.attempts,
  ...(letter.requestId !== undefined && { requestId: letter.requestId }),
  state: letter.state,
  audit: letter.audit.map(({ action, by, at, reason }) => ({
    action,
    by,
    at,
    ...(reason !== undefined && { reason }),
  })),
  at: letter.at,
});
