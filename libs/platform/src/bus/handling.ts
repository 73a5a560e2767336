import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Problem } from '@suite/contracts';
import { runInContext, type RequestContext } from '../context';
import { problemOf } from '../problems';
import { assertValid } from '../validation';
import type { HandlerExtras } from './decorators';
import type { Envelope } from './wire';

const log = new Logger('messages');

export const contractOf = (handler: MessageHandler): HandlerExtras['contract'] =>
  (handler.extras as HandlerExtras).contract;

/**
 * Validates the body and runs the handler in the context of the message.
 * @throws Problem always a Problem, and logged.
 */
export function runHandler(handler: MessageHandler, { p, d }: Envelope, context: RequestContext): Promise<unknown> {
  return runInContext(context, async () => {
    const began = performance.now();
    try {
      assertValid(contractOf(handler).body, d);
      const result: unknown = await handler(d);
      const answer = isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
      log.debug(`${p} done in ${Math.round(performance.now() - began)} ms`);
      return answer;
    } catch (error) {
      const problem = problemOf(error);
      logProblem(p, problem);
      throw problem;
    }
  });
}

/** ERROR means that somebody must act; a refusal is everyday life. */
function logProblem(name: string, problem: Problem): void {
  const cause = problem.cause instanceof Error ? problem.cause : problem;
  if (problem.kind === 'refused') log.debug(`${name} refused: ${problem.message}`);
  else if (problem.kind === 'busy') log.warn(`${name}: ${problem.message} (${cause.message})`);
  else log.error(`${name}: ${cause.message}`, cause.stack);
}
