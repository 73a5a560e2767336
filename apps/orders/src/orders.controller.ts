import { Controller } from '@nestjs/common';
import {
  orders,
  type AuditReport,
  type ById,
  type GetOrder,
  type LastAudit,
  type Nothing,
  type Order,
  type OrderPage,
  type OrderQuery,
  type PlacedOrder,
  type PlaceOrder,
} from '@suite/contracts';
import { Answers, requireAdmin } from '@suite/platform';
import { AuditService } from './audit.service';
import { CancellingService } from './cancelling.service';
import { OrdersService } from './orders.service';
import { PlacingService } from './placing.service';

@Controller()
export class OrdersController {
  constructor(
    private readonly placing: PlacingService,
    private readonly cancelling: CancellingService,
    private readonly service: OrdersService,
    private readonly auditing: AuditService,
  ) {}

  @Answers(orders.place)
  place(body: PlaceOrder): Promise<PlacedOrder> {
    return this.placing.place(body);
  }

  @Answers(orders.cancel)
  cancel(body: ById): Promise<Order> {
    return this.cancelling.cancel(body);
  }

  @Answers(orders.get)
  get(body: GetOrder): Promise<Order> {
    return this.service.get(body);
  }

  @Answers(orders.list)
  list(query: OrderQuery): Promise<OrderPage> {
    return this.service.list(query);
  }

  @Answers(orders.audit)
  audit(_body: Nothing): Promise<AuditReport> {
    requireAdmin();
    return this.auditing.audit();
  }

  @Answers(orders.lastAudit)
  async lastAudit(_body: Nothing): Promise<LastAudit> {
    requireAdmin();
    return { report: await this.auditing.last() };
  }
}
