import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { backoff } from '../backoff';
import { problemOf } from '../problems';
import { deadLetterOf } from './dead-letter';
import type { Handlers } from './handlers';
import type { Settlements } from './settlements';
import type { Delivery } from './stream-reader';
import type { Envelope } from './wire';

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
/** Short enough that work goes on soon after a store is back. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * Hears facts: again after a pause when that fails, and as a dead letter in the end. A fact that is refused would be
 * refused again and is set aside at once; weather (a store is away) uses up no attempt, however long it lasts.
 */
export class Hearing {
  private readonly log = new Logger(Hearing.name);
  private readonly closing = new AbortController();

  constructor(
    private readonly handlers: Handlers,
    private readonly settlements: Settlements,
    private readonly writeAttempts: (delivery: Delivery) => Promise<unknown>,
  ) {}

  /** Ends the pauses; what waits in one is left to another replica. */
  close(): void {
    this.closing.abort();
  }

  async hear(delivery: Delivery, envelope: Envelope): Promise<void> {
    const { stream, id } = delivery;
    // A fact of the domain that this service does not care for.
    if (!this.handlers.has(envelope.p)) return this.settlements.add({ stream, id });
    let attempts = delivery.attempts;
    for (let tries = 1; ; tries++) {
      if (attempts > MAX_ATTEMPTS) {
        return this.setAside(delivery, envelope, new Problem('INTERNAL_ERROR', 'It ended its process each time'));
      }
      try {
        const { requestId, traceparent } = envelope.h;
        await this.handlers.run(envelope, { requestId, traceparent });
        return await this.settlements.add({ stream, id });
      } catch (error) {
        const problem = problemOf(error);
        const weather = problem.kind === 'busy';
        if (problem.kind === 'refused' || (!weather && attempts >= MAX_ATTEMPTS)) {
          return this.setAside({ ...delivery, attempts }, envelope, problem);
        }
        if (!(await this.backOff(tries))) return;
        if (!weather) attempts++;
        await this.writeAttempts({ ...delivery, attempts }).catch(() => undefined);
      }
    }
  }

  private setAside(delivery: Delivery, envelope: Envelope, problem: Problem): Promise<void> {
    const { stream, id, attempts } = delivery;
    this.log.error(`${envelope.p} (${envelope.k}) is a dead letter after ${attempts} attempt(s): ${problem.message}`);
    return this.settlements.add({ stream, id, deadLetter: deadLetterOf(delivery, problem) });
  }

  /** False: the service closes. */
  private async backOff(tries: number): Promise<boolean> {
    try {
      await pause(backoff(tries, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), undefined, { signal: this.closing.signal });
      return true;
    } catch {
      return false;
    }
  }
}
