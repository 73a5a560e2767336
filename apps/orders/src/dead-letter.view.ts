import type { DeadLetter } from '@suite/contracts';
import type { DeadLetterEntryRecord, DeadLetterRecord } from './dead-letter.schema';

/** What leaves the service: a whitelist, field by field. */
export const deadLetterView = (letter: DeadLetterRecord, currency: string): DeadLetter => ({
  id: String(letter._id),
  orderId: String(letter.orderId),
  userId: String(letter.userId),
  number: letter.number,
  tier: letter.tier,
  total: letter.total ?? 0,
  currency,
  reason: letter.reason,
  error: letter.error,
  attempts: letter.attempts,
  crashes: letter.crashes,
  requestId: letter.requestId,
  // It was given up in a new epoch: the job belonged to the one before.
  payload: { orderId: String(letter.orderId), userId: String(letter.userId), epoch: letter.epoch - 1 },
  state: letter.state,
  replays: letter.replays,
  replayAt: letter.scheduled?.at.toISOString(),
  audit: letter.audit.map(entryView),
  at: letter.at.toISOString(),
});

const entryView = ({ action, by, at, reason }: DeadLetterEntryRecord) => ({
  action,
  by,
  at: at.toISOString(),
  reason,
});
