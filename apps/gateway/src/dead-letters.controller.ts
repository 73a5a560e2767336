import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DeadLetterQuery, orders } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import {
  DeadLetterGroupView,
  deadLetterView,
  DeadLetterView,
  DiscardBody,
  dryRunView,
  DryRunView,
  groupView,
  ReplayBody,
  replayRunView,
  ReplayRunView,
} from './dead-letter.view';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { markReplay } from './idempotency';

@ApiTags('Dead letters (admin)')
@Controller('admin/dlq')
@Roles('admin')
export class DeadLettersController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'List dead letters, newest first',
    description: 'Orders that could not be processed; what they had taken has gone back. The open ones unless asked.',
    data: [DeadLetterView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async list(@Query() query: DeadLetterQuery): Promise<Success<DeadLetterView[]>> {
    return successPage(await this.bus.ask(orders.deadLetters, query), deadLetterView);
  }

  @Get('reasons')
  @Described({
    summary: 'Group the open dead letters by cause',
    data: [DeadLetterGroupView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async groups(): Promise<Success<DeadLetterGroupView[]>> {
    const { items } = await this.bus.ask(orders.deadLetterGroups, {});
    return success(items.map(groupView));
  }

  @Get(':id')
  @Described({
    summary: 'Look at a dead letter',
    data: DeadLetterView,
    params: { id: 'deadLetterId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEAD_LETTER_NOT_FOUND'],
  })
  async get(@Param('id') id: string): Promise<Success<DeadLetterView>> {
    return success(deadLetterView(await this.bus.ask(orders.deadLetter, { id })));
  }

  @Get(':id/dry-run')
  @Described({
    summary: 'Ask whether a dead letter would pass now',
    description: 'Nothing is done, and nothing is held: another order may still be quicker.',
    data: DryRunView,
    params: { id: 'deadLetterId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEAD_LETTER_NOT_FOUND'],
  })
  async dryRun(@Param('id') id: string): Promise<Success<DryRunView>> {
    return success(dryRunView(await this.bus.ask(orders.tryDeadLetter, { id })));
  }

  @Post(':id/replay')
  @Described({
    summary: 'Replay a dead letter',
    description: 'Its order is `PENDING` again and is processed as if it had just been placed.',
    data: DeadLetterView,
    params: { id: 'deadLetterId' },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: [
      'UNAUTHORIZED',
      'FORBIDDEN',
      'DEAD_LETTER_NOT_FOUND',
      'ALREADY_REPLAYED',
      'INVALID_TRANSITION',
      'REPLAY_LIMIT_REACHED',
      'OUTCOME_UNKNOWN',
    ],
  })
  async replay(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<DeadLetterView>> {
    const { letter, replayed } = await this.bus.ask(orders.replayDeadLetter, { id });
    markReplay(reply, replayed);
    return success(deadLetterView(letter));
  }

  @Post('replay')
  @Described({
    summary: 'Replay many dead letters',
    description: 'The open ones of one cause, or all of them, oldest first. They are scheduled and replayed at a pace.',
    status: 202,
    data: ReplayRunView,
    examples: { 'of one cause': { reason: 'STOCK_NOT_FOUND', limit: 50, perSecond: 5 } },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'IDEMPOTENCY_KEY_REUSED', 'OUTCOME_UNKNOWN'],
  })
  async replayMany(
    @Body() body: ReplayBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<ReplayRunView>> {
    const run = await this.bus.ask(orders.replayDeadLetters, body);
    markReplay(reply, run.replayed);
    return success(replayRunView(run));
  }

  @Delete(':id')
  @Described({
    summary: 'Discard a dead letter',
    description: 'Its order stays `FAILED`. The letter is kept, with who discarded it and why.',
    data: DeadLetterView,
    params: { id: 'deadLetterId' },
    examples: { 'with a reason': { reason: 'The customer has ordered anew' } },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEAD_LETTER_NOT_FOUND', 'ALREADY_REPLAYED', 'INVALID_TRANSITION'],
  })
  async discard(@Param('id') id: string, @Body() { reason }: DiscardBody): Promise<Success<DeadLetterView>> {
    return success(deadLetterView(await this.bus.ask(orders.discardDeadLetter, { id, reason })));
  }
}
