import { Controller } from '@nestjs/common';
import {
  auth,
  Problem,
  type Login,
  type Logout,
  type Nothing,
  type Refresh,
  type Register,
  type RegisteredUser,
} from '@suite/contracts';
import type { ById, ForgotPassword, ResetPassword, SessionList, Tokens, VerifyEmail } from '@suite/contracts';
import { Answers, callerOf, currentContext } from '@suite/platform';
import { LoginService } from './login.service';
import { RecoveryService } from './recovery.service';
import { RegistrationService } from './registration.service';
import { SessionsService } from './sessions.service';
import { sessionView, userView } from './user-views';
import { VerificationService } from './verification.service';

/** The ways in and out. */
@Controller()
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly logins: LoginService,
    private readonly sessions: SessionsService,
    private readonly recovery: RecoveryService,
    private readonly verification: VerificationService,
  ) {}

  @Answers(auth.register)
  async register(body: Register): Promise<RegisteredUser> {
    const context = currentContext();
    const privileged = body.role !== undefined && body.role !== 'user';
    if (privileged && context?.caller?.role !== 'admin') throw new Problem('FORBIDDEN');
    const { user, replayed } = await this.registration.register(body, context?.idempotencyKey);
    return { ...userView(user), replayed };
  }

  @Answers(auth.login)
  login(body: Login): Promise<Tokens> {
    return this.logins.login(body);
  }

  @Answers(auth.refresh)
  refresh(body: Refresh): Promise<Tokens> {
    return this.logins.refresh(body);
  }

  @Answers(auth.logout)
  async logout({ refreshToken }: Logout): Promise<Nothing> {
    if (refreshToken !== undefined && !currentContext()?.caller) await this.sessions.endWith(refreshToken);
    else await this.sessions.end(callerOf().userId, callerOf().sessionId);
    return {};
  }

  @Answers(auth.sessions)
  async listSessions(_body: Nothing): Promise<SessionList> {
    const { userId, sessionId } = callerOf();
    const sessions = await this.sessions.list(userId);
    return { items: sessions.map((session) => sessionView(session, sessionId)) };
  }

  @Answers(auth.endSession)
  async endSession({ id }: ById): Promise<Nothing> {
    await this.sessions.end(callerOf().userId, id);
    return {};
  }

  @Answers(auth.forgotPassword)
  async forgotPassword({ email }: ForgotPassword): Promise<Nothing> {
    await this.recovery.forgot(email);
    return {};
  }

  @Answers(auth.resetPassword)
  async resetPassword(body: ResetPassword): Promise<Nothing> {
    await this.recovery.reset(body);
    return {};
  }

  @Answers(auth.verifyEmail)
  async verifyEmail({ token }: VerifyEmail): Promise<Nothing> {
    await this.verification.verify(token);
    return {};
  }
}
