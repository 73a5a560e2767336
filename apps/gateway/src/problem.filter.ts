import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from './answer';
import { asProblem } from './failure';

/** The last stop of every error of a request: all leave as Problem details, and are logged with the request's line. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    answerProblem(http.getRequest<FastifyRequest>(), reply, asProblem(error));
  }
}
