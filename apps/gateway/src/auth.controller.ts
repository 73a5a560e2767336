import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auth, Problem, type Device } from '@suite/contracts';
import { Bus, durationMs } from '@suite/platform';
import { Door } from './access';
import { LoginBody, RefreshBody, RegisterBody } from './account-bodies';
import { ACCESS_COOKIE, clearCookies, REFRESH_COOKIE, setCookies } from './cookies';
import { Described } from './described';
import { GatewayConfig } from './gateway.config';
import { markReplay } from './idempotency';
import { Origins } from './origins';
import { StrictlyLimited } from './rate-limit.guard';
import { MessageView, TokensView, tokensView, UserView, userView } from './user.view';

@ApiTags('Auth')
@Controller('auth')
export class AuthController {
  private readonly refreshSeconds: number;

  constructor(
    private readonly bus: Bus,
    private readonly origins: Origins,
    config: GatewayConfig,
  ) {
    this.refreshSeconds = durationMs(config.JWT_REFRESH_EXPIRATION) / 1_000;
  }

  @Post('register')
  @Door()
  @StrictlyLimited()
  @Described({
    summary: 'Open an account',
    status: 201,
    bare: UserView,
    examples: { customer: { email: 'demo.{{unique}}@example.com', password: 'Corr3ct-horse!', name: 'Jo Doe' } },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: ['FORBIDDEN', 'EMAIL_TAKEN', 'OVERLOADED', 'IDEMPOTENCY_KEY_REUSED'],
  })
  async register(@Body() body: RegisterBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserView> {
    const user = await this.bus.ask(auth.register, body);
    markReplay(reply, user.replayed);
    return userView(user);
  }

  @Post('login')
  @Door()
  @StrictlyLimited()
  @Described({
    summary: 'Log in',
    description: 'Answers with the tokens, and sets them as cookies that no script can read.',
    bare: TokensView,
    examples: {
      customer: { email: 'user@example.com', password: 'user123' },
      admin: { email: 'admin@example.com', password: 'admin123' },
    },
    problems: ['INVALID_CREDENTIALS', 'OVERLOADED'],
  })
  async login(
    @Body() body: LoginBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensView> {
    const tokens = await this.bus.ask(auth.login, { ...body, device: deviceOf(request) });
    setCookies(reply, tokens, this.refreshSeconds);
    return tokensView(tokens);
  }

  @Post('refresh')
  @Door()
  @Described({
    summary: 'Renew the tokens',
    description: 'A refresh token works once. Without a body the cookie is used, and then the Origin is checked.',
    bare: TokensView,
    examples: { 'by cookie': {} },
    problems: ['INVALID_REFRESH_TOKEN', 'REFRESH_TOKEN_REUSED', 'CSRF_REJECTED'],
  })
  async refresh(
    @Body() body: RefreshBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensView> {
    const refreshToken = body.refreshToken ?? this.refreshTokenInCookie(request);
    const tokens = await this.bus.ask(auth.refresh, { refreshToken });
    setCookies(reply, tokens, this.refreshSeconds);
    return tokensView(tokens);
  }

  @Post('logout')
  @Door()
  @Described({
    summary: 'Log out',
    description:
      'Ends the session at once, also for a browser that has nothing left of it but the cookie of its refresh token. The ' +
      'cookies are cleared even if it had ended before (401).',
    bare: MessageView,
    problems: ['UNAUTHORIZED'],
  })
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<MessageView> {
    const { caller } = request.context;
    const { [ACCESS_COOKIE]: accessCookie, [REFRESH_COOKIE]: refreshToken } = request.cookies;
    // A session that came by cookie from elsewhere is not taken for one, nor are its cookies cleared.
    if (!caller && (accessCookie ?? refreshToken) !== undefined) this.origins.assertTrusted(request);
    clearCookies(reply);
    if (!caller && !refreshToken) throw new Problem('UNAUTHORIZED');
    await this.bus.ask(auth.logout, caller ? {} : { refreshToken });
    return { message: 'Logged out' };
  }

  @Get('profile')
  @Described({ summary: 'Who am I?', bare: UserView, problems: ['UNAUTHORIZED'] })
  async profile(): Promise<UserView> {
    return userView(await this.bus.ask(auth.profile, {}));
  }

  private refreshTokenInCookie(request: FastifyRequest): string {
    const token = request.cookies[REFRESH_COOKIE];
    if (!token) throw new Problem('INVALID_REFRESH_TOKEN', 'There is no refresh token in the body and no cookie');
    this.origins.assertTrusted(request);
    return token;
  }
}

const deviceOf = ({ headers, ip }: FastifyRequest): Device => ({
  userAgent: (headers['user-agent'] ?? '').slice(0, 500),
  address: ip.slice(0, 100),
});
