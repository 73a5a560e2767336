import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '@suite/contracts';
import { answerProblem } from './answer';
import { LOGIN_PAGE_POLICY, loginPage } from './login-page';

/** People in a browser get a page to log in with, programs a Problem. */
export function refusePage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const wantsPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
  if (!wantsPage || ![401, 403].includes(problem.status)) return answerProblem(request, reply, problem);
  request.problem = problem;
  const message = problem.status === 403 ? 'This account is not an administrator’s' : '';
  return reply
    .code(problem.status)
    .header('content-security-policy', LOGIN_PAGE_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(loginPage(message));
}
