import { Controller, Delete, Get, HttpCode, NotFoundException, Param, Query } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { summaryOf, viewOf } from './mail';
import { MailboxService } from './mailbox.service';

export class MailQuery {
  /** A recipient, whole; upper and lower case are the same. */
  @IsOptional()
  @IsString()
  to?: string;

  /** A part of the subject. */
  @IsOptional()
  @IsString()
  subject?: string;
}

/** The inbox for tests and scripts; newest first. */
@Controller('api/mails')
export class MailsController {
  constructor(private readonly mailbox: MailboxService) {}

  @Get()
  list(@Query() query: MailQuery) {
    const mails = this.mailbox.list(query);
    return {
      status: 'success',
      data: mails.map(summaryOf),
      meta: { total: mails.length, received: this.mailbox.total },
    };
  }

  @Get(':id')
  async get(@Param('id') id: string) {
    const mail = this.mailbox.get(id);
    if (!mail) throw new NotFoundException('There is no such mail');
    return { status: 'success', data: await viewOf(mail) };
  }

  @Delete()
  @HttpCode(204)
  clear(): void {
    this.mailbox.clear();
  }
}
