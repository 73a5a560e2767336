import { Controller, Get, Header, NotFoundException, Param, Post, Query, Redirect } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { inboxPage, MAIL_POLICY, mailBody, mailPage, mailTabs, type MailTab } from './inbox-page';
import { summaryOf, viewOf, type Mail } from './mail';
import { MailboxService } from './mailbox.service';
import { PAGE_POLICY } from './page';

const HTML = 'text/html; charset=utf-8';

export class TabQuery {
  @IsOptional()
  @IsIn(mailTabs)
  tab?: MailTab;
}

/** The inbox for people. */
@Controller()
export class InboxController {
  constructor(private readonly mailbox: MailboxService) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  list(): string {
    return inboxPage(this.mailbox.list().map(summaryOf));
  }

  @Get('mails/:id')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  async show(@Param('id') id: string, @Query() { tab }: TabQuery): Promise<string> {
    const mail = this.find(id);
    const view = await viewOf(mail);
    return mailPage(view, mail.source.toString(), tab ?? (view.html ? 'html' : 'text'));
  }

  @Get('mails/:id/html')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', MAIL_POLICY)
  async body(@Param('id') id: string): Promise<string> {
    return mailBody(await viewOf(this.find(id)));
  }

  @Post('clear')
  @Redirect('/', 303)
  clear(): void {
    this.mailbox.clear();
  }

  private find(id: string): Mail {
    const mail = this.mailbox.get(id);
    if (!mail) throw new NotFoundException('There is no such mail');
    return mail;
  }
}
