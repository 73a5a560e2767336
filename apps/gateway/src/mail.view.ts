import { MailSummary } from '@suite/contracts';

export class MailView extends MailSummary {}

export const mailView = ({ id, kind, to, state, createdAt, endedAt }: MailSummary): MailView => ({
  id,
  kind,
  to,
  state,
  createdAt,
  ...(endedAt !== undefined && { endedAt }),
});
