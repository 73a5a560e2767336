import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '@suite/contracts';
import { traceIdOf } from '@suite/platform';
import { problemView } from './problem.view';

/** The path of a request as it stands in answers: without query, which may hold what should not be repeated. */
export const pathOf = (url: string): string => url.split('?', 1)[0];

/** Answers with a problem, from wherever: a filter, a hook, the error handler of a plugin. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  request.problem = problem;
  // Every 503 says when to come back: RFC 9110, 15.6.4.
  const retryAfter = problem.extra.retryAfter ?? (problem.status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemView(problem, pathOf(request.url), request.id, traceIdOf(request.context ?? {}))));
}
