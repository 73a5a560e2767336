import { Body, Controller, Delete, Get, Header, Param, Patch, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { auth } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Door } from './access';
import {
  ChangePasswordBody,
  EraseAccountBody,
  ForgotPasswordBody,
  ResetPasswordBody,
  UpdateProfileBody,
  VerifyEmailBody,
} from './account-bodies';
import { clearCookies } from './cookies';
import { Described } from './described';
import { ExportService } from './export.service';
import { ExportView } from './export.view';
import { StrictlyLimited } from './rate-limit.guard';
import { MessageView, SessionView, sessionView, UserView, userView } from './user.view';

const FROM_THE_MAIL = 'The token comes in a mail and works once; the one in the example is refused.';

/** One's own account. */
@ApiTags('Account')
@Controller('auth')
export class AccountController {
  constructor(
    private readonly bus: Bus,
    private readonly exports: ExportService,
  ) {}

  @Patch('profile')
  @Described({
    summary: 'Change name or e-mail address',
    description: 'The change is in the next access token.',
    bare: UserView,
    examples: { name: { name: 'Jo Doe' } },
    problems: ['UNAUTHORIZED', 'EMAIL_TAKEN'],
  })
  async updateProfile(@Body() body: UpdateProfileBody): Promise<UserView> {
    return userView(await this.bus.ask(auth.updateProfile, body));
  }

  @Delete('profile')
  @StrictlyLimited()
  @Described({
    summary: 'Erase my account',
    description:
      'Name, address and e-mail address are taken out of everything the shop keeps, also out of orders that were not ' +
      'shipped yet: cancel them first, or wait for them. Amounts and items of orders stay for the accounts. All ' +
      'sessions end, and the e-mail address can be registered anew.',
    status: 204,
    examples: { 'of an account opened here': { password: 'Corr3ct-horse!' } },
    problems: ['UNAUTHORIZED', 'INVALID_CREDENTIALS', 'LAST_ADMIN', 'OVERLOADED'],
  })
  async erase(@Body() body: EraseAccountBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.bus.ask(auth.erase, body);
    clearCookies(reply);
  }

  @Get('profile/export')
  @Described({
    summary: 'What do you know about me?',
    description: 'Everything the shop keeps about the caller, as one file: all orders, sessions, the cart, the mails.',
    bare: ExportView,
    problems: ['UNAUTHORIZED'],
  })
  @Header('cache-control', 'no-store')
  async export(): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.open(), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="my-data.json"',
    });
  }

  @Post('password')
  @StrictlyLimited()
  @Described({
    summary: 'Change the password',
    description: 'Ends the other sessions.',
    bare: MessageView,
    examples: { 'of an account opened here': { currentPassword: 'Corr3ct-horse!', newPassword: 'An0ther-horse!' } },
    problems: ['UNAUTHORIZED', 'INVALID_CREDENTIALS', 'OVERLOADED'],
  })
  async changePassword(@Body() body: ChangePasswordBody): Promise<MessageView> {
    await this.bus.ask(auth.changePassword, body);
    return { message: 'The password was changed' };
  }

  @Post('password/forgot')
  @Door()
  @StrictlyLimited()
  @Described({
    summary: 'Ask for a mail to set a new password',
    description: 'The answer does not tell whether there is such an account.',
    status: 202,
    bare: MessageView,
    examples: { customer: { email: 'user@example.com' } },
  })
  async forgotPassword(@Body() body: ForgotPasswordBody): Promise<MessageView> {
    await this.bus.ask(auth.forgotPassword, body);
    return { message: 'If there is such an account, a mail is on its way' };
  }

  @Post('password/reset')
  @Door()
  @StrictlyLimited()
  @Described({
    summary: 'Set a new password',
    description: FROM_THE_MAIL,
    bare: MessageView,
    examples: { 'with a made-up token': { token: 'not-the-one-in-the-mail', newPassword: 'An0ther-horse!' } },
    problems: ['INVALID_TOKEN', 'OVERLOADED'],
  })
  async resetPassword(@Body() body: ResetPasswordBody): Promise<MessageView> {
    await this.bus.ask(auth.resetPassword, body);
    return { message: 'The password was changed' };
  }

  @Post('email/verify')
  @Door()
  @StrictlyLimited()
  @Described({
    summary: 'Verify an e-mail address',
    description: FROM_THE_MAIL,
    bare: MessageView,
    examples: { 'with a made-up token': { token: 'not-the-one-in-the-mail' } },
    problems: ['INVALID_TOKEN'],
  })
  async verifyEmail(@Body() body: VerifyEmailBody): Promise<MessageView> {
    await this.bus.ask(auth.verifyEmail, body);
    return { message: 'The e-mail address is verified' };
  }

  @Get('sessions')
  @Described({ summary: 'Where am I logged in?', bare: [SessionView], problems: ['UNAUTHORIZED'] })
  async sessions(): Promise<SessionView[]> {
    const { items } = await this.bus.ask(auth.sessions, {});
    return items.map(sessionView);
  }

  @Delete('sessions/:id')
  @Described({
    summary: 'Log out elsewhere',
    status: 204,
    params: { id: 'sessionId' },
    problems: ['UNAUTHORIZED', 'SESSION_NOT_FOUND'],
  })
  async endSession(@Param('id') id: string): Promise<void> {
    await this.bus.ask(auth.endSession, { id });
  }
}
