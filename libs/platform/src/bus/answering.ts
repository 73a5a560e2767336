import { Logger } from '@nestjs/common';
import { Problem, type Message } from '@suite/contracts';
import { counter } from '../metrics';
import { problemOf } from '../problems';
import type { RequestContext } from '../context';
import type { RedisLink } from '../redis-link';
import { deadLetterOf } from './dead-letter';
import type { Handlers } from './handlers';
import type { Seals } from './seals';
import type { Settlements } from './settlements';
import type { Delivery } from './stream-reader';
import { writtenAt, type Envelope, type Reply } from './wire';

/** The attempt that is not made any more: twice its replica died with it, the second time in small company. */
const MAX_ATTEMPTS = 3;

export type RequestEnvelope = Envelope & Required<Pick<Envelope, 'i' | 'r' | 't'>>;

export const isRequest = (envelope: Envelope): envelope is RequestEnvelope => envelope.i !== undefined;

/** Turns requests into answers. */
export class Answering {
  private readonly log = new Logger(Answering.name);
  private readonly late = counter('transport_late_total', 'Messages that came too late and were not run', ['message']);
  private readonly forged = counter(
    'transport_unsealed_total',
    'Messages whose caller was not sealed by the gateway; they were not run',
    ['message'],
  );

  constructor(
    private readonly handlers: Handlers,
    private readonly link: RedisLink,
    private readonly settlements: Settlements,
    private readonly seals: Seals,
  ) {}

  async answer(delivery: Delivery, envelope: RequestEnvelope): Promise<void> {
    const { stream, id } = delivery;
    const left = writtenAt(id) + envelope.t - this.link.now();
    if (delivery.attempts > MAX_ATTEMPTS) {
      this.log.error(`${envelope.p} ended its process ${MAX_ATTEMPTS} times and is set aside`);
      const deadLetter = deadLetterOf(delivery, new Problem('INTERNAL_ERROR', 'It ended its process each time'));
      const reply = replyOf(envelope, null, new Problem('INTERNAL_ERROR'));
      return this.settlements.add({ stream, id, reply, deadLetter });
    }
    if (left <= 0) {
      this.late.inc({ message: envelope.p });
      this.log.warn(`${envelope.p} came ${Math.round(-left)} ms too late and was not run`);
      return this.settlements.add({ stream, id });
    }
    return this.settlements.add({ stream, id, reply: await this.outcome(delivery, envelope, left) });
  }

  private async outcome(delivery: Delivery, envelope: RequestEnvelope, left: number) {
    const { k } = envelope;
    try {
      const contract = this.handlers.extrasOf(envelope.p)?.contract as Message | undefined;
      const repeatable = contract?.idempotent || k !== undefined;
      if (delivery.takenOver && !repeatable) throw new Problem('OUTCOME_UNKNOWN', undefined, { retryAfter: 1 });
      const context = { ...this.whoAsks(envelope), idempotencyKey: k, deadline: Date.now() + left };
      return replyOf(envelope, await this.handlers.run(envelope, context));
    } catch (error) {
      return replyOf(envelope, null, problemOf(error));
    }
  }

  /**
   * What the header says, once the seal has proved it. A seal that is no good means that the keys of two processes differ,
   * or that somebody else writes to Redis: either way somebody must act.
   */
  private whoAsks({ p, h }: Envelope): RequestContext {
    const { requestId, traceparent, caller: seal, asCustomer } = h;
    if (seal === undefined) return { requestId, traceparent };
    const caller = this.seals.open(seal);
    if (!caller) {
      this.forged.inc({ message: p });
      this.log.error(
        `${p} came with a caller that is not sealed, and was not run: is CALLER_SECRET the same everywhere?`,
      );
      throw new Problem('INTERNAL_ERROR');
    }
    return { requestId, traceparent, caller: asCustomer ? { ...caller, role: 'user' } : caller, seal, asCustomer };
  }
}

function replyOf({ i, r }: RequestEnvelope, answer: unknown, problem?: Problem): { client: string; text: string } {
  const reply: Reply = problem ? [i, null, problem.toData()] : [i, answer ?? {}];
  return { client: r, text: JSON.stringify(reply) };
}
