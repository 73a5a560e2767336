import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { ownerOf, Problem, type Fact, type Message } from '@suite/contracts';
import { currentContext } from '../context';
import { counter, gauge, histogram, MOMENTS } from '../metrics';
import { RedisLink } from '../redis-link';
import { asTraceparent, traceparentOf, tracing } from '../tracing';
import { CommandBatch } from './command-batch';
import { ReplyReader } from './reply-reader';
import { Seals } from './seals';
import { keys, processId, type Envelope, type Header, type Reply } from './wire';

/** The most requests that one process waits for at once. */
const MAX_WAITING = 4_096;
/** Last resort against an inbox that nobody empties; its requests have expired long before. */
const MAX_INBOX = 100_000;
/** Last resort against facts that a group never reads; the janitor trims what all have read. */
const MAX_FACTS = 1_000_000;
/** How long Redis may be away before those who wait for an answer are told. */
const PATIENCE_MS = 1_000;

interface Waiting {
  settle: (packet: WritePacket) => void;
  timer: NodeJS.Timeout;
  repeatable: boolean;
}

/**
 * The asking side of the transport, as Nest's ClientProxy. The pattern is the contract itself. One for the process,
 * whichever services it speaks to.
 */
@Injectable()
export class StreamsClient extends ClientProxy implements OnApplicationShutdown {
  private readonly batch: CommandBatch;
  private readonly replies: ReplyReader;
  private readonly waiting = new Map<string, Waiting>();
  private count = 0;
  private readonly asked = counter(
    'transport_asked_total',
    'Messages that others were asked, by outcome: ok, or the kind of the problem (refused, busy, broken)',
    ['message', 'outcome'],
  );
  private readonly asking = histogram(
    'transport_asking_seconds',
    'From asking to the answer, as the asking process sees it',
    MOMENTS,
    ['message'],
  );
  private readonly told = counter('transport_told_total', 'Facts that were told and are written down', ['fact']);

  constructor(
    private readonly link: RedisLink,
    private readonly seals: Seals,
  ) {
    super();
    this.batch = new CommandBatch(link.redis);
    this.replies = new ReplyReader(link, keys.replies(processId), (reply) => this.receive(reply));
    gauge('transport_awaited', 'Answers that this process waits for', () => this.waiting.size);
    this.setOnDispatchHook((packet) => Object.assign(packet, { metadata: this.header() }));
    link.redis.on('close', () => setTimeout(() => this.giveUp(), PATIENCE_MS).unref());
  }

  connect(): Promise<void> {
    this.link.assertThere();
    return Promise.resolve();
  }

  unwrap<T>(): T {
    return this.link.redis as T;
  }

  close(): void {
    this.replies.stop();
  }

  onApplicationShutdown(): void {
    this.close();
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const contract = packet.pattern as Message;
    const context = currentContext();
    const span = spanOf('client', contract);
    const settle = this.measured(contract, callback, span);
    const left = context?.deadline === undefined ? Infinity : context.deadline - Date.now();
    const ttl = Math.floor(Math.min(contract.timeoutMs, left));
    const fail = (problem: Problem) => settle({ err: problem });
    if (ttl <= 0) return (fail(new Problem('TIMEOUT')), noop);
    if (this.waiting.size >= MAX_WAITING) return (fail(new Problem('OVERLOADED', undefined, { retryAfter: 1 })), noop);

    this.replies.start();
    const id = (this.count++).toString(36);
    const repeatable = contract.idempotent || context?.idempotencyKey !== undefined;
    const timer = setTimeout(() => this.settle(id, { err: new Problem('TIMEOUT') }), ttl);
    this.waiting.set(id, { settle, timer, repeatable });

    const envelope = { ...this.envelope(packet, span), k: context?.idempotencyKey, i: id, r: processId, t: ttl };
    const inbox = keys.inbox(ownerOf(contract));
    this.batch.add(['xadd', inbox, 'MAXLEN', '~', MAX_INBOX, '*', 'm', JSON.stringify(envelope)], (error) => {
      if (error) this.settle(id, { err: unreachable(repeatable) });
    });
    return () => this.forget(id);
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const contract = packet.pattern as Fact;
    const span = spanOf('producer', contract);
    const { p, d, h } = this.envelope(packet, span);
    const { requestId, traceparent } = h;
    const envelope: Envelope = { p, d, h: { requestId, traceparent }, k: contract.key(packet.data as object) };
    const stream = keys.facts(ownerOf(contract));
    try {
      const id = await this.batch.send(['xadd', stream, 'MAXLEN', '~', MAX_FACTS, '*', 'm', JSON.stringify(envelope)]);
      this.told.inc({ fact: contract.name });
      if (span) tracing?.end(span);
      return id as T;
    } catch (cause) {
      const problem = new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 }, { cause });
      if (span) tracing?.end(span, problem);
      throw problem;
    }
  }

  private measured({ name: message }: Message, callback: (packet: WritePacket) => void, span?: Span) {
    const began = performance.now();
    return (packet: WritePacket): void => {
      const problem = packet.err as Problem | undefined;
      this.asked.inc({ message, outcome: problem?.kind ?? 'ok' });
      this.asking.observe({ message }, (performance.now() - began) / 1_000);
      if (span) tracing?.end(span, problem);
      callback(packet);
    };
  }

  private envelope(packet: ReadPacket, span?: Span): Envelope {
    const { name } = packet.pattern as { name: string };
    const header = (packet as { metadata?: Header }).metadata ?? this.header();
    if (span) header.traceparent = asTraceparent(span);
    return { p: name, d: packet.data, h: header };
  }

  private header(): Header {
    const context = currentContext();
    const { requestId, caller, seal, asCustomer } = context ?? { requestId: randomUUID() };
    const sealed = seal ?? (caller && this.seals.seal(caller));
    return { requestId, caller: sealed, asCustomer, traceparent: traceparentOf(context) };
  }

  private receive([id, answer, problem]: Reply): void {
    this.settle(id, problem ? { err: Problem.fromData(problem) } : { response: answer, isDisposed: true });
  }

  /** An answer that comes too late finds nobody waiting. */
  private settle(id: string, packet: WritePacket): void {
    const { settle } = this.waiting.get(id) ?? {};
    this.forget(id);
    settle?.(packet);
  }

  private forget(id: string): void {
    clearTimeout(this.waiting.get(id)?.timer);
    this.waiting.delete(id);
  }

  /** Redis stayed away: who waits is told now rather than at the time-out. */
  private giveUp(): void {
    if (!this.link.away) return;
    for (const [id, { repeatable }] of this.waiting) this.settle(id, { err: unreachable(repeatable) });
  }
}

const noop = (): void => undefined;

/** The request may have been written, and may yet run, when the connection broke. */
const unreachable = (repeatable: boolean): Problem =>
  new Problem(repeatable ? 'SERVICE_UNAVAILABLE' : 'OUTCOME_UNKNOWN', undefined, { retryAfter: 1 });

/** Of what is asked or told, on behalf of whatever is in hand. */
function spanOf(role: 'client' | 'producer', contract: Message | Fact): Span | undefined {
  if (!tracing) return undefined;
  const verb = role === 'client' ? 'ask' : 'tell';
  const attributes = {
    'messaging.system': 'redis_streams',
    'messaging.destination.name': ownerOf(contract),
    'messaging.operation.name': verb,
  };
  return tracing.begin(`${verb} ${contract.name}`, { role, attributes }, currentContext() ?? {});
}
