import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { notifications, orders, type MailSummary } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { Described, type Description } from './described';
import { success, type Success } from './envelope';
import { FlowService } from './flow.service';
import { FlowView } from './flow.view';
import { OperationsService } from './operations.service';
import { OperationsView } from './operations.view';
import { storyView, StoryView } from './story.view';

const problems: Description['problems'] = ['UNAUTHORIZED', 'FORBIDDEN'];

/** What the console looks at, and whoever builds another one. */
@ApiTags('Operations (admin)')
@Controller('admin')
@Roles('admin')
export class ConsoleDataController {
  constructor(
    private readonly bus: Bus,
    private readonly flow: FlowService,
    private readonly operations: OperationsService,
  ) {}

  @Get('flow')
  @Header('cache-control', 'no-store')
  @Described({
    summary: 'See how orders flow just now',
    description:
      'To be asked every second: it is measured once a second, whoever asks. Of a large flow only a sample is among the ' +
      'moves, in which each order comes with all its steps.',
    data: FlowView,
    problems,
  })
  async flowNow(): Promise<Success<FlowView>> {
    return success(await this.flow.now());
  }

  @Get('operations')
  @Header('cache-control', 'no-store')
  @Described({
    summary: 'See how the suite is',
    description: 'Services, stores, every process, the queues, what orders owe, and the last recount.',
    data: OperationsView,
    problems,
  })
  async operationsNow(): Promise<Success<OperationsView>> {
    return success(await this.operations.now());
  }

  @Get('orders/:id/story')
  @Described({
    summary: 'Read the story of an order',
    description: 'Its history, its payment, its mails, its attempts and dead letters, and the request that placed it.',
    data: StoryView,
    params: { id: 'orderId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'ORDER_NOT_FOUND'],
  })
  async story(@Param('id') id: string): Promise<Success<StoryView>> {
    const [story, mails] = await Promise.all([
      this.bus.ask(orders.story, { id }),
      // An order can be explained while mails cannot be looked up.
      this.bus.ask(notifications.mailsOfOrder, { id }).catch((): { items: MailSummary[] } => ({ items: [] })),
    ]);
    return success(storyView(story, mails.items));
  }
}
