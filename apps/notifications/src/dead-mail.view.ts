import type { DeadMail } from '@suite/contracts';
import type { DeadMailRecord } from './mail.schema';

/** What leaves the service: a whitelist, field by field. What the mail says is nobody's business here. */
export const deadMailView = ({ deadLetter, ...mail }: DeadMailRecord): DeadMail => ({
  id: String(deadLetter.id),
  key: mail._id,
  kind: mail.kind,
  to: mail.to,
  ...(mail.userId && { userId: String(mail.userId) }),
  reason: deadLetter.reason,
  error: deadLetter.error,
  attempts: deadLetter.attempts,
  ...(mail.requestId !== undefined && { requestId: mail.requestId }),
  state: deadLetter.state,
  audit: deadLetter.audit.map(({ action, by, at, reason }) => ({
    action,
    by,
    at: at.toISOString(),
    ...(reason !== undefined && { reason }),
  })),
  at: deadLetter.at.toISOString(),
});
