import { setTimeout as pause } from 'node:timers/promises';
import { lineOf, unique, type Customer } from '../support/builders';
import type { Reply } from '../support/client';
import type { PlacedView, ProductView } from '../support/views';

/** What a client knows of one order that it wants to place. */
export interface Attempt {
  customer: Customer;
  product: ProductView;
  key: string;
  /** Undefined: it was refused for good. */
  orderId?: string;
  /** Every answer, the last one included; a client asks again as long as it does not know how it went. */
  answers: Answer[];
}

/** One answer, or that none came. */
export interface Answer {
  /** `201`, `503 OVERLOADED`, `0 no answer`. */
  what: string;
  retryAfter?: string;
  ms: number;
  /** When it came, by performance.now(). */
  at: number;
}

/** A client waits so long for one answer, and asks again for so long, in ms. */
const TIMEOUT_MS = 5_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

const UNKNOWN = /^(0|5\d\d|409 IDEMPOTENCY_IN_PROGRESS)\b/;

/**
 * Places an order as a good client does: asks again with the same key as long as the outcome is not known (time-out,
 * broken connection, 5xx) or the first request is still running.
 */
export function placeStubbornly(
  customer: Customer,
  product: ProductView,
  key = unique(),
): { attempt: Attempt; ended: Promise<void> } {
  const attempt: Attempt = { customer, product, key, answers: [] };
  return { attempt, ended: insist(attempt) };
}

async function insist(attempt: Attempt): Promise<void> {
  const { customer, product, key, answers } = attempt;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const begun = performance.now();
    const options = { idempotencyKey: key, timeout: TIMEOUT_MS };
    const reply = await customer.post<PlacedView>('/orders', lineOf(product), options).catch(() => undefined);
    const answer = answerOf(reply, begun);
    answers.push(answer);
    if (reply?.status === 201) attempt.orderId = reply.data.order.id;
    if (!UNKNOWN.test(answer.what) || Date.now() > until) return;
    await pause(PAUSE_MS);
  }
}

function answerOf(reply: Reply<PlacedView> | undefined, begun: number): Answer {
  const at = performance.now();
  const { status = 0, code, headers } = reply ?? { code: 'no answer' };
  const retryAfter = headers?.['retry-after'] as string | undefined;
  return { what: code ? `${status} ${code}` : String(status), retryAfter, ms: at - begun, at };
}
