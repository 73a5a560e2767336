import { AuditReport, type AuditCheck } from '@suite/contracts';

export class AuditView extends AuditReport {}

export const auditView = ({ sound, at, checks }: AuditReport): AuditView => ({
  sound,
  at,
  checks: checks.map(checkView),
});

const checkView = ({ rule, title, checked, drifting, drifts }: AuditCheck): AuditCheck => ({
  rule,
  title,
  checked,
  drifting,
  drifts: drifts.map(({ subject, detail }) => ({ subject, detail })),
});
