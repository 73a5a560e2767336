import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from './access';
import { SessionService } from './session.service';

/** First guard: reads the token, so that the rate limit counts the user, and asks whether the session still stands. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    await this.sessions.identify(
      http.getRequest<FastifyRequest>(),
      http.getResponse<FastifyReply>(),
      accessOf(context),
    );
    return true;
  }
}
