import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { orders } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { AuditView, auditView } from './audit.view';
import { Described } from './described';
import { success, type Success } from './envelope';

@ApiTags('Operations (admin)')
@Controller('admin/audit')
@Roles('admin')
export class AuditController {
  constructor(private readonly bus: Bus) {}

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
    return success(auditView(await this.bus.ask(orders.audit, {})));
  }
}
