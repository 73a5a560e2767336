import { Logger } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Problem } from '@suite/contracts';
import type { RequestContext } from '../context';
import type { HealthChecks } from '../health-checks';
import { counter, histogram, MOMENTS } from '../metrics';
import { problemOf } from '../problems';
import { inSpan } from '../tracing';
import { assertValid } from '../validation';
import type { HandlerExtras } from './decorators';
import type { Envelope } from './wire';

/** How a handler shows in a trace. */
const ANSWERING = ['answer', 'server'] as const;
const HEARING = ['hear', 'consumer'] as const;

/** The methods behind `@Answers` and `@Hears`, and how one of them is run. */
export class Handlers {
  private readonly log = new Logger('messages');
  private readonly handled = counter(
    'transport_handled_total',
    'Messages and facts that were handled, by outcome: ok, or the kind of the problem (refused, busy, broken)',
    ['message', 'outcome'],
  );
  private readonly handling = histogram('transport_handling_seconds', 'How long a handler took', MOMENTS, ['message']);

  constructor(
    private readonly handlers: Map<string, MessageHandler>,
    private readonly health: HealthChecks,
  ) {}

  has(name: string): boolean {
    return this.handlers.has(name);
  }

  extrasOf(name: string): HandlerExtras | undefined {
    return this.handlers.get(name)?.extras as HandlerExtras | undefined;
  }

  /**
   * Validates the body and runs the handler in the context of the message.
   * @throws Problem always a Problem, and logged.
   */
  run({ p, d }: Envelope, context: RequestContext): Promise<unknown> {
    const [verb, role] = this.extrasOf(p)?.contract.kind === 'fact' ? HEARING : ANSWERING;
    return inSpan(`${verb} ${p}`, { role }, context, async () => {
      const began = performance.now();
      try {
        const handler = this.handlers.get(p);
        if (!handler) throw new Error('nobody handles it here');
        const { contract, withoutStores } = handler.extras as HandlerExtras;
        if (!withoutStores) this.health.assertNeeded();
        assertValid(contract.body, d);
        const result: unknown = await handler(d);
        const answer: unknown = isObservable(result)
          ? await lastValueFrom(result, { defaultValue: undefined })
          : result;
        this.count(p, 'ok', began);
        this.log.debug(`${p} done in ${Math.round(performance.now() - began)} ms`);
        return answer;
      } catch (error) {
        const problem = problemOf(error);
        this.count(p, problem.kind, began);
        this.report(p, problem);
        throw problem;
      }
    });
  }

  private count(message: string, outcome: string, began: number): void {
    this.handled.inc({ message, outcome });
    this.handling.observe({ message }, (performance.now() - began) / 1_000);
  }

  /** ERROR means that somebody must act; a refusal is everyday life. */
  private report(name: string, problem: Problem): void {
    const cause = problem.cause instanceof Error ? problem.cause : problem;
    if (problem.kind === 'refused') this.log.debug(`${name} refused: ${problem.message}`);
    else if (problem.kind === 'busy') this.log.warn(`${name}: ${problem.message} (${cause.message})`);
    else this.log.error(`${name}: ${cause.message}`, cause.stack);
  }
}
