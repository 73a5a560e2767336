import { Controller } from '@nestjs/common';
import { payments, type Payment } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { OrderPaymentsService } from './order-payments.service';

/** What orders hear of their payments. */
@Controller()
export class PaymentEventsController {
  constructor(private readonly orderPayments: OrderPaymentsService) {}

  @Hears(payments.changed)
  changed(payment: Payment): Promise<void> {
    return this.orderPayments.hear(payment);
  }
}
