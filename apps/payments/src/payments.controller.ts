import { Controller } from '@nestjs/common';
import {
  payments,
  type AccessPayment,
  type ById,
  type Nothing,
  type OpenPayment,
  type Payment,
  type PaymentAccess,
  type PaymentMethods,
  type PaymentOfOrder,
  type ReceiveWebhook,
  type Refund,
  type RefundPayment,
  type Webhook,
  type WebhookPage,
  type WebhookQuery,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { PaymentsService } from './payments.service';
import { ProvidersService } from './providers.service';
import { RefundsService } from './refunds.service';
import { WebhookInboxService } from './webhook-inbox.service';
import { WebhooksService } from './webhooks.service';

@Controller()
export class PaymentsController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly service: PaymentsService,
    private readonly refunds: RefundsService,
    private readonly inbox: WebhookInboxService,
    private readonly webhooksService: WebhooksService,
  ) {}

  @Answers(payments.methods)
  methods(): PaymentMethods {
    return this.providers.methods;
  }

  @Answers(payments.open)
  open(body: OpenPayment): Promise<Payment> {
    return this.service.open(body);
  }

  @Answers(payments.get)
  get(body: PaymentOfOrder): Promise<Payment> {
    return this.service.get(body);
  }

  @Answers(payments.access)
  access(body: AccessPayment): Promise<PaymentAccess> {
    return this.service.access(body);
  }

  @Answers(payments.void)
  void(body: PaymentOfOrder): Promise<Payment> {
    return this.service.void(body);
  }

  @Answers(payments.giveBack)
  async giveBack(body: PaymentOfOrder): Promise<Nothing> {
    await this.service.giveBack(body);
    return {};
  }

  @Answers(payments.refund)
  refund(body: RefundPayment): Promise<Refund> {
    return this.refunds.refund(body);
  }

  @Answers(payments.receiveWebhook)
  async receiveWebhook(body: ReceiveWebhook): Promise<Nothing> {
    await this.inbox.receive(body);
    return {};
  }

  @Answers(payments.webhooks)
  webhooks(query: WebhookQuery): Promise<WebhookPage> {
    return this.webhooksService.list(query);
  }

  @Answers(payments.replayWebhook)
  replayWebhook(body: ById): Promise<Webhook> {
    return this.webhooksService.replay(body);
  }
}
