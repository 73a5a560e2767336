import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf } from './access';
import { SessionService } from './session.service';

/** First guard: reads the token, so that the rate limit counts the user, and asks whether the session still stands. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.sessions.identify(context.switchToHttp().getRequest<FastifyRequest>(), accessOf(context));
    return true;
  }
}
