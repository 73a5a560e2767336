import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asProblem } from './failure';
import { refusePage } from './refusal';

/** Of pages for admins: whoever may not see them is shown a way in. */
@Catch()
export class LoginPageFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    refusePage(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), asProblem(error));
  }
}
