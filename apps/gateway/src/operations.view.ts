import { Debt, debtNames, IsFlag, IsListOf, IsOneOf, IsPart, IsPrice, IsText, IsTime, IsWhole } from '@suite/contracts';
import type { PulseReading } from '@suite/platform';
import { AuditView } from './audit.view';

const COUNT = [0, Number.MAX_SAFE_INTEGER] as const;

export class PartView {
  @IsText(1, 100, { example: 'mongodb' })
  name: string;

  @IsOneOf(['up', 'down'])
  status: 'up' | 'down';

  @IsText(0, 500, { optional: true, description: 'What is wrong with it' })
  reason?: string;
}

export class ProcessView {
  @IsText(1, 100, { example: 'stock' })
  service: string;

  @IsText(1, 300, { description: 'Of the process; new at every start' })
  id: string;

  @IsText(0, 300)
  host: string;

  @IsWhole(...COUNT)
  pid: number;

  @IsTime()
  startedAt: string;

  @IsPrice({ description: 'How far its event loop lagged in the last seconds: the 99th percentile, in ms', example: 1 })
  loopLagMs: number;

  @IsWhole(0, 100, { description: 'How much of the time it was busy, in percent' })
  busy: number;

  @IsWhole(...COUNT, { description: 'Resident memory, in bytes' })
  memory: number;
}

export class QueueView {
  @IsText(1, 100, { example: 'orders' })
  name: string;

  @IsWhole(...COUNT)
  waiting: number;

  @IsWhole(...COUNT)
  active: number;

  @IsWhole(...COUNT)
  delayed: number;

  @IsWhole(...COUNT)
  failed: number;
}

class DebtView extends Debt {}

export class OperationsView {
  @IsTime()
  at: string;

  @IsListOf(PartView, 0, 50, { description: 'Services and stores, as `GET /health` sees them' })
  parts: PartView[];

  @IsListOf(ProcessView, 0, 10_000, { description: 'Every process that was heard within the last seconds' })
  processes: ProcessView[];

  @IsListOf(QueueView, 0, 10)
  queues: QueueView[];

  @IsFlag({ description: 'Can it be told what orders owe?' })
  debtsKnown: boolean;

  @IsListOf(DebtView, 0, debtNames.length, { description: 'What orders owe to the rest of the suite' })
  debts: DebtView[];

  @IsPart(AuditView, { optional: true, description: 'The newest one, whoever has made it' })
  lastAudit?: AuditView;
}

export const processView = (pulse: PulseReading): ProcessView => ({
  service: pulse.service,
  id: pulse.id,
  host: pulse.host,
  pid: pulse.pid,
  startedAt: pulse.startedAt,
  loopLagMs: pulse.loopLagMs,
  busy: Math.round(pulse.busy * 100),
  memory: pulse.memory,
});
