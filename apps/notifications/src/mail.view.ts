import type { MailSummary } from '@suite/contracts';
import type { MailRecord } from './mail.schema';

/** What leaves the service: a whitelist, field by field. */
export const mailView = (mail: MailRecord): MailSummary => ({
  id: mail._id,
  kind: mail.kind,
  to: mail.to,
  state: mail.state,
  createdAt: mail.createdAt.toISOString(),
  ...(mail.endedAt && { endedAt: mail.endedAt.toISOString() }),
});
