import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { payments, WebhookQuery } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { WebhookView, webhookView } from './webhook.view';

/** What providers told, and what became of it. */
@ApiTags('Payments (admin)')
@Controller('admin/webhooks')
@Roles('admin')
export class WebhooksController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'Look through what payment providers told',
    description: 'Newest first. Those with state `failed` could not be processed and wait for you.',
    data: [WebhookView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async list(@Query() query: WebhookQuery): Promise<Success<WebhookView[]>> {
    return successPage(await this.bus.ask(payments.webhooks, query), webhookView);
  }

  @Post(':id/replay')
  @Described({
    summary: 'Process a webhook once more',
    description: 'Safe for every one of them: what it says takes effect once.',
    data: WebhookView,
    params: { id: 'webhookId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'WEBHOOK_NOT_FOUND'],
  })
  async replay(@Param('id') id: string): Promise<Success<WebhookView>> {
    return success(webhookView(await this.bus.ask(payments.replayWebhook, { id })));
  }
}
