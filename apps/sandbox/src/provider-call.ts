import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SwitchesService } from './switches.service';

/** What a provider answers, errors included. */
export interface ProviderAnswer {
  status: number;
  body: object;
}

/** How one provider differs from the other in what they have in common. */
export interface ProviderManners {
  /** Null: it may come in. */
  refuseStranger: (request: FastifyRequest) => ProviderAnswer | null;
  /** The header with the idempotency key. */
  keyHeader: string;
  /** Says that an answer is the one of an earlier call. */
  replayedHeader: [name: string, value: string] | null;
  keyReused: (key: string) => ProviderAnswer;
  keyInUse: (key: string) => ProviderAnswer;
  brokenDown: () => ProviderAnswer;
  requestId: () => [name: string, value: string];
}

interface Remembered {
  fingerprint: string;
  answer?: ProviderAnswer;
}

/**
 * What happens around a call to a provider's API: keys, idempotency, and the weather that the switches make. The outcome
 * of a call is remembered once its execution has begun, whatever it was, as Stripe describes it
 * (https://docs.stripe.com/api/idempotent_requests): refusals before that free their key.
 */
export class ProviderCall {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly manners: ProviderManners,
    private readonly switches: SwitchesService,
  ) {}

  async answer(request: FastifyRequest, reply: FastifyReply, work: () => ProviderAnswer): Promise<void> {
    const { payDelayMs, payFail, payDropAnswers } = this.switches.get();
    const [fails, drops] = [this.switches.chance() < payFail, this.switches.chance() < payDropAnswers];
    reply.header(...this.manners.requestId());
    const stranger = this.manners.refuseStranger(request);
    if (stranger) return this.send(reply, stranger);
    if (fails) {
      await pause(payDelayMs, undefined, { ref: false });
      return this.send(reply, this.manners.brokenDown());
    }
    const answer = await this.once(request, reply, payDelayMs, work);
    if (!drops) return this.send(reply, answer);
    // It is done, and nobody is told.
    reply.hijack();
    reply.raw.destroy();
  }

  private async once(
    request: FastifyRequest,
    reply: FastifyReply,
    delayMs: number,
    work: () => ProviderAnswer,
  ): Promise<ProviderAnswer> {
    const key = request.headers[this.manners.keyHeader];
    const named = request.method === 'POST' && typeof key === 'string';
    const wanted = fingerprintOf(request);
    const known = named ? this.remembered.get(key) : undefined;
    if (known && known.fingerprint !== wanted) return this.manners.keyReused(key as string);
    if (known?.answer) {
      if (this.manners.replayedHeader) reply.header(...this.manners.replayedHeader);
      return known.answer;
    }
    if (known) return this.manners.keyInUse(key as string);
    const call: Remembered = { fingerprint: wanted };
    if (named) this.remembered.set(key, call);
    await pause(delayMs, undefined, { ref: false });
    call.answer = work();
    // What was not valid was not begun: it may be put right under the same key.
    if (named && call.answer.status === 400) this.remembered.delete(key);
    return call.answer;
  }

  private send(reply: FastifyReply, { status, body }: ProviderAnswer): void {
    void reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
  }
}

const fingerprintOf = ({ method, url, body }: FastifyRequest): string =>
  createHash('sha256')
    .update(`${method} ${url} ${JSON.stringify(body ?? null)}`)
    .digest('hex');
