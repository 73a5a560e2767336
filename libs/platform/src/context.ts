import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { Problem, type Caller } from '@suite/contracts';

/** What belongs to the request in hand and travels with everything it causes, in this process and in others. */
export interface RequestContext {
  requestId: string;
  caller?: Caller;
  /** What proves the caller to other services, where it came with the message; only the gateway makes one. */
  seal?: string;
  /** What is asked from here on is asked without an admin's rights. */
  asCustomer?: boolean;
  idempotencyKey?: string;
  /** Until when an answer is of use, in ms since the epoch, by this process's clock. */
  deadline?: number;
  /** What is under way on its behalf, while traces are wanted. */
  span?: Span;
  /** What caused it, where that was in another process: W3C's `traceparent`. */
  traceparent?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Undefined outside a request: at start-up, in timers. */
export const currentContext = (): RequestContext | undefined => storage.getStore();

/** Runs what one request does for others as well: its deadline and its idempotency key are not theirs. */
export const onBehalfOfMany = <T>(work: () => T): T => {
  const context = storage.getStore();
  if (!context) return work();
  return storage.run({ ...context, deadline: undefined, idempotencyKey: undefined }, work);
};

/** Who asks. @throws Problem UNAUTHORIZED when nobody is signed in. */
export function callerOf(): Caller {
  const caller = storage.getStore()?.caller;
  if (!caller) throw new Problem('UNAUTHORIZED');
  return caller;
}

/** @throws Problem UNAUTHORIZED or FORBIDDEN unless an admin asks. */
export function requireAdmin(): Caller {
  const caller = callerOf();
  if (caller.role !== 'admin') throw new Problem('FORBIDDEN');
  return caller;
}
