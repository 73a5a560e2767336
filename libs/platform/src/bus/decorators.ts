import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { Fact, Message } from '@suite/contracts';

/** What the transport needs to know of a handler; it travels as Nest's `extras`. */
export interface HandlerExtras {
  contract: Message | Fact;
  /** It is handled even while a store is away. */
  withoutStores?: boolean;
}

type Handler<Body, Result> = (body: Body) => Promise<Result> | Result;

/**
 * The method answers this message. The body is validated before; a thrown Problem reaches the caller as a Problem.
 * The caller and the idempotency key are in the context (`callerOf()`, `currentContext()`), not in the body.
 */
export const Answers =
  <Body extends object, Answer extends object>(contract: Message<Body, Answer>) =>
  <T extends Handler<Body, Answer>>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    MessagePattern(contract.name, { contract } satisfies HandlerExtras)(target, key, descriptor);
  };

/**
 * The method hears this fact: at least once, on one replica of the service, not always in order. It recognises a
 * repetition by the fact's own key. What it throws makes the fact come again, and in the end a dead letter.
 */
export const Hears =
  <Body extends object>(contract: Fact<Body>) =>
  <T extends Handler<Body, void>>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    EventPattern(contract.name, { contract } satisfies HandlerExtras)(target, key, descriptor as never);
  };
