import { IntersectionType, PickType } from '@nestjs/swagger';
import { DeadLetter, deadLetterStates, MAX_REPLAYED_AT_ONCE, type DeadLetterState } from './dead-letter';
import { IsFlag, IsId, IsListOf, IsMail, IsOneOf, IsPart, IsText, IsWhole } from './fields';
import { mailKindNames, type MailKind } from './mail-kinds';
import { PageMeta, PageQuery } from './reading';

/** Why a mail was given up: the mail server will never take it, or all attempts were in vain. */
export const deadMailReasons = ['REFUSED', 'EXHAUSTED'] as const;
export type DeadMailReason = (typeof deadMailReasons)[number];

/** The dead letter of a mail. */
export class DeadMail extends PickType(DeadLetter, ['id', 'attempts', 'error', 'state', 'audit', 'at']) {
  @IsText(1, 200, {
    description: 'Of the mail: an order with the entry of its history, or another',
    example: '665f1c2e9b3e4a0012345678.2',
  })
  key: string;

  @IsOneOf(mailKindNames)
  kind: MailKind;

  @IsMail()
  to: string;

  @IsId({ optional: true, description: 'Whose mail it is' })
  userId?: string;

  @IsOneOf(deadMailReasons)
  reason: DeadMailReason;

  @IsText(1, 200, { optional: true, description: 'The request that caused it; it stands in all its log lines' })
  requestId?: string;
}

class DeadMailFilter {
  @IsOneOf(mailKindNames, { optional: true, description: 'Only those of one kind' })
  kind?: MailKind;

  @IsOneOf(deadMailReasons, { optional: true, description: 'Only those of one cause' })
  reason?: DeadMailReason;
}

export class DeadMailQuery extends IntersectionType(PageQuery, DeadMailFilter) {
  @IsOneOf(deadLetterStates, { optional: true, description: '`open` unless given' })
  state?: DeadLetterState;
}

export class DeadMailPage {
  @IsListOf(DeadMail, 0, 100)
  items: DeadMail[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

/** The answer to the replay of one. */
export class ReplayedMail {
  @IsPart(DeadMail)
  letter: DeadMail;

  @IsFlag({ description: 'Was it replayed before, with the same idempotency key?' })
  replayed: boolean;
}

/** Which open ones to replay, oldest first. `MAILS_PER_SECOND` sets their pace, as that of all mails. */
export class ReplayMails extends DeadMailFilter {
  @IsWhole(1, MAX_REPLAYED_AT_ONCE, { optional: true, description: 'At most so many; the default is 100' })
  limit?: number;
}

export class ReplayedMails {
  @IsWhole(0, MAX_REPLAYED_AT_ONCE, { description: 'How many are on their way again' })
  replayed: number;
}
