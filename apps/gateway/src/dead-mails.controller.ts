import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DeadMailQuery, notifications } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { deadMailView, DeadMailView, DiscardMailBody, ReplayedMailsView, ReplayMailsBody } from './dead-mail.view';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { markReplay } from './idempotency';

@ApiTags('Dead letters (admin)')
@Controller('admin/mails/dlq')
@Roles('admin')
export class DeadMailsController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'List the dead letters of mails, newest first',
    description:
      'Mails that the mail server will never take (`REFUSED`), or that were tried in vain for hours (`EXHAUSTED`). The ' +
      'open ones unless asked. They are kept for `MAIL_RETENTION_DAYS`.',
    data: [DeadMailView],
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async list(@Query() query: DeadMailQuery): Promise<Success<DeadMailView[]>> {
    return successPage(await this.bus.ask(notifications.deadMails, query), deadMailView);
  }

  @Get(':id')
  @Described({
    summary: 'Look at the dead letter of a mail',
    data: DeadMailView,
    params: { id: 'deadMailId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEAD_LETTER_NOT_FOUND'],
  })
  async get(@Param('id') id: string): Promise<Success<DeadMailView>> {
    return success(deadMailView(await this.bus.ask(notifications.deadMail, { id })));
  }

  @Post(':id/replay')
  @Described({
    summary: 'Send a mail again',
    description:
      'It waits for its turn like any other, and is open again if it fails. One that carried a one-time token cannot be ' +
      'sent again (`INVALID_TRANSITION`): the token is gone, and whoever needs it can ask for a new one.',
    data: DeadMailView,
    params: { id: 'deadMailId' },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: [
      'UNAUTHORIZED',
      'FORBIDDEN',
      'DEAD_LETTER_NOT_FOUND',
      'ALREADY_REPLAYED',
      'INVALID_TRANSITION',
      'OUTCOME_UNKNOWN',
    ],
  })
  async replay(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<DeadMailView>> {
    const { letter, replayed } = await this.bus.ask(notifications.replayDeadMail, { id });
    markReplay(reply, replayed);
    return success(deadMailView(letter));
  }

  @Post('replay')
  @Described({
    summary: 'Send many mails again',
    description: 'The open ones of one kind or cause, or all of them, oldest first, at the pace of `MAILS_PER_SECOND`.',
    status: 202,
    data: ReplayedMailsView,
    examples: { 'after the mail server was mended': { reason: 'EXHAUSTED', limit: 50 } },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'OUTCOME_UNKNOWN'],
  })
  async replayMany(@Body() body: ReplayMailsBody): Promise<Success<ReplayedMailsView>> {
    const { replayed } = await this.bus.ask(notifications.replayDeadMails, body);
    return success({ replayed });
  }

  @Delete(':id')
  @Described({
    summary: 'Discard the dead letter of a mail',
    description: 'The mail is not sent. The letter is kept for as long as the mail, with who discarded it and why.',
    data: DeadMailView,
    params: { id: 'deadMailId' },
    examples: { 'with a reason': { reason: 'The customer was called' } },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEAD_LETTER_NOT_FOUND', 'ALREADY_REPLAYED', 'INVALID_TRANSITION'],
  })
  async discard(@Param('id') id: string, @Body() { reason }: DiscardMailBody): Promise<Success<DeadMailView>> {
    return success(deadMailView(await this.bus.ask(notifications.discardDeadMail, { id, reason })));
  }
}
