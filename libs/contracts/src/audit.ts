import { IsFlag, IsId, IsIds, IsListOf, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';

/** What must hold at every moment, whatever died: counted anew from the documents themselves. */
export const auditRules = ['balance', 'ledger', 'reservations', 'orders', 'keys', 'ends', 'dead letters'] as const;
export type AuditRule = (typeof auditRules)[number];

export class Drift {
  @IsText(1, 100, { description: 'The id of what does not add up', example: '665f1c2e9b3e4a0012345678' })
  subject: string;

  @IsText(1, 500, { example: 'sold is 12, its orders say 11' })
  detail: string;
}

export const MAX_DRIFTS_SHOWN = 20;

export class AuditCheck {
  @IsOneOf(auditRules)
  rule: AuditRule;

  @IsText(1, 200)
  title: string;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'How many documents were looked at' })
  checked: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'How many do not add up', example: 0 })
  drifting: number;

  @IsListOf(Drift, 0, MAX_DRIFTS_SHOWN, { description: 'The first of them' })
  drifts: Drift[];
}

/** Far more than workers can have in hand at once. */
export const MAX_IN_MOTION = 20_000;

export class AuditStock {
  @IsText(1, 30, { description: 'The cluster time of the snapshot; both databases have to lie on one cluster' })
  at: string;

  @IsIds(MAX_IN_MOTION, { description: 'Orders in motion: what they have taken counts neither way' })
  inMotion: string[];
}

/** What orders hold and have bought of one stock, by its reservations, without the orders in motion. */
export class StockUnits {
  @IsId()
  stockId: string;

  @IsWhole(0, Number.MAX_SAFE_INTEGER)
  held: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER)
  sold: number;
}

export class StockAudit {
  @IsListOf(AuditCheck, 0, auditRules.length)
  checks: AuditCheck[];

  @IsListOf(StockUnits, 0, 100_000)
  units: StockUnits[];
}

export class AuditReport {
  @IsFlag({ description: 'Does everything add up?' })
  sound: boolean;

  @IsTime({ description: 'Which moment was recounted' })
  at: string;

  @IsListOf(AuditCheck, 0, auditRules.length)
  checks: AuditCheck[];
}

export class LastAudit {
  @IsPart(AuditReport, { optional: true })
  report?: AuditReport;
}
