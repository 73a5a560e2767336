import type { Type } from '@nestjs/common';

/**
 * The three ways in which one process speaks to another, as data. A contract is declared once, here in this library;
 * `bus.ask`, `bus.tell`, `@Answers`, `@Hears` and the queues are typed from it, so that the two ends cannot differ.
 */

/** A request with one answer. The first word of `name` is the service that answers (`stock.quote` → stock). */
export interface Message<Body extends object = object, Answer extends object = object> {
  readonly kind: 'message';
  readonly name: string;
  readonly body: Type<Body>;
  readonly answer: Type<Answer>;
  /** How long the caller waits, in ms. A request that is older than this is dropped unrun. */
  readonly timeoutMs: number;
  /**
   * May it run twice? A request whose replica died in the middle runs again on another one only if this is true or the
   * request carries an idempotency key; otherwise the caller is told OUTCOME_UNKNOWN.
   */
  readonly idempotent: boolean;
}

/** Something that has happened, named in the past tense. The first word of `name` is the domain it happened in. */
export interface Fact<Body extends object = object> {
  readonly kind: 'fact';
  readonly name: string;
  readonly body: Type<Body>;
  /** What makes a repetition recognisable: facts are heard at least once. */
  key(body: Body): string;
}

/** Work that must happen: a BullMQ job with retries and, in the end, a dead letter. */
export interface Job<Body extends object = object> {
  readonly kind: 'job';
  readonly name: string;
  readonly queue: string;
  readonly body: Type<Body>;
  /** The job id. BullMQ ignores, silently, a job whose id still exists in any state; `:` is not allowed in it. */
  key(body: Body): string;
  readonly attempts: number;
  /** Pause before the first retry, in ms; doubles with each attempt, with jitter. */
  readonly backoffMs: number;
  /** The longest pause, in ms. */
  readonly maxBackoffMs: number;
}

export type BodyOf<C> = C extends { body: Type<infer B> } ? B : never;
export type AnswerOf<C> = C extends { answer: Type<infer A> } ? A : never;

export function message<Body extends object, Answer extends object>(
  name: string,
  body: Type<Body>,
  answer: Type<Answer>,
  options: { timeoutMs?: number; idempotent?: boolean } = {},
): Message<Body, Answer> {
  return { kind: 'message', name, body, answer, timeoutMs: 5_000, idempotent: false, ...options };
}

export function fact<Body extends object>(name: string, body: Type<Body>, key: (body: Body) => string): Fact<Body> {
  return { kind: 'fact', name, body, key };
}

export function job<Body extends object>(
  queue: string,
  name: string,
  body: Type<Body>,
  options: Pick<Job<Body>, 'key' | 'attempts' | 'backoffMs' | 'maxBackoffMs'>,
): Job<Body> {
  return { kind: 'job', queue, name, body, ...options };
}

/** The service (or the domain, for facts) that a contract belongs to. */
export const ownerOf = (contract: { name: string }): string => contract.name.split('.', 1)[0];

/** For messages that need nothing, or answer with nothing but that it was done. */
export class Nothing {}
