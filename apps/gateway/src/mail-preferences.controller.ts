import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { notifications } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Described } from './described';
import { success, type Success } from './envelope';
import { MailPreferencesBody, mailPreferencesView, MailPreferencesView } from './mail-preferences.view';

/** One's own. */
@ApiTags('Account')
@Controller('users/me/mail-preferences')
export class MailPreferencesController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({
    summary: 'Which mails do I get?',
    description: 'One flag for each kind that may be switched off. Mails about money or the account always come.',
    data: MailPreferencesView,
    problems: ['UNAUTHORIZED'],
  })
  async get(): Promise<Success<MailPreferencesView>> {
    return success(mailPreferencesView(await this.bus.ask(notifications.mailPreferences, {})));
  }

  @Patch()
  @Described({
    summary: 'Choose which mails to get',
    description: 'What is not named stays as it is. A mail that waits to be sent is not sent any more either.',
    data: MailPreferencesView,
    examples: { 'not that it was delivered': { 'order-delivered': false } },
    problems: ['UNAUTHORIZED'],
  })
  async set(@Body() body: MailPreferencesBody): Promise<Success<MailPreferencesView>> {
    return success(mailPreferencesView(await this.bus.ask(notifications.setMailPreferences, body)));
  }
}
