import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf } from './access';
import { SessionService } from './session.service';

/** Last guard: is the session still good, and is the route open to whoever this is? */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.sessions.admit(context.switchToHttp().getRequest<FastifyRequest>(), accessOf(context));
    return true;
  }
}
