import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditReport, orders, type AuditCheck } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { Described } from './described';
import { success, type Success } from './envelope';
import { OperationsService } from './operations.service';

class AuditView extends AuditReport {}

@ApiTags('Operations (admin)')
@Controller('admin/audit')
@Roles('admin')
export class AuditController {
  constructor(
    private readonly bus: Bus,
    private readonly operations: OperationsService,
  ) {}

  @Get()
  @Described({
    summary: 'Recount everything',
    description:
      'Stock against its ledger, its reservations and its orders, as all of it stood at one moment. What drifts is ' +
      'named. It reads whole collections: a shop with millions of orders runs `npm run audit` instead.',
    data: AuditView,
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'OVERLOADED'],
  })
  async audit(): Promise<Success<AuditView>> {
    const { sound, at, checks } = await this.bus.ask(orders.audit, {});
    const report = { sound, at, checks: checks.map(checkView) };
    await this.operations.rememberAudit(report);
    return success(report);
  }
}

const checkView = ({ rule, title, checked, drifting, drifts }: AuditCheck): AuditCheck => ({
  rule,
  title,
  checked,
  drifting,
  drifts: drifts.map(({ subject, detail }) => ({ subject, detail })),
});
