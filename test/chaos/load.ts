import { setTimeout as pause } from 'node:timers/promises';
import { lineOf, unique, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import type { PlacedView, ProductView } from '../support/views';
import { form, type Plan } from './plan';
import type { Shop } from './shop';

/** What a client knows of one order in the end. */
export interface Attempt {
  customer: Customer;
  product: ProductView;
  key: string;
  status: number;
  code?: string;
  orderId?: string;
  retries: number;
  /** The slowest single answer, in ms; a time-out counts as long as it took. */
  slowestMs: number;
}

/** A client waits so long for one answer, and asks again for so long, in ms. */
const TIMEOUT_MS = 5_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** One answer, or that none came. */
export interface Answered {
  status: number;
  code?: string;
  retryAfter?: string;
  ms: number;
  at: number;
}

interface PlaceOptions {
  key?: string;
  quantity?: number;
  /** Is told of each answer. */
  hear?: (answered: Answered) => void;
}

/**
 * As a good client does: asks again with the same key as long as the outcome is not known (time-out, broken connection,
 * 5xx) or the first request is still running.
 */
export async function placeStubbornly(
  customer: Customer,
  product: ProductView,
  { key = unique(), quantity = 1, hear = () => undefined }: PlaceOptions = {},
): Promise<Attempt> {
  const attempt: Attempt = { customer, product, key, status: 0, retries: -1, slowestMs: 0 };
  const until = Date.now() + PATIENCE_MS;
  do {
    if (++attempt.retries > 0) await pause(PAUSE_MS);
    const begun = performance.now();
    const options = { idempotencyKey: key, timeout: TIMEOUT_MS };
    const reply = await customer.post<PlacedView>('/orders', lineOf(product, quantity), options).catch(() => undefined);
    const ms = performance.now() - begun;
    const { status = 0, code } = reply ?? {};
    const orderId = reply?.status === 201 ? reply.data.order.id : undefined;
    Object.assign(attempt, { status, code, orderId, slowestMs: Math.max(attempt.slowestMs, ms) });
    hear({ status, code, retryAfter: reply?.headers['retry-after'] as string, ms, at: performance.now() });
  } while (isUnknown(attempt) && Date.now() < until);
  return attempt;
}

export const isUnknown = ({ status, code }: Attempt): boolean =>
  status === 0 || status >= 500 || code === 'IDEMPOTENCY_IN_PROGRESS';

export interface LoadOptions {
  orders?: number;
  /** At once. */
  width?: number;
  /** The orders are spread evenly over so many ms, as far as that goes. */
  overMs?: number;
  /** Which of them are for the hot product, from 0 to 1. */
  hot?: number;
}

/** The base load: 1,000 orders at 32 at a time, a quarter of them for the hot product. */
export function placeBaseLoad(
  { customers, products, hot }: Shop,
  plan: Plan,
  { orders = form(200, 1_000), width = 32, overMs = 0, hot: share = 0.25 }: LoadOptions = {},
): Promise<Attempt[]> {
  const wanted = times(orders).map(() => ({
    customer: plan.pick(customers),
    product: plan.number() < share ? hot : plan.pick(products),
  }));
  const begun = Date.now();
  return each(wanted, width, async ({ customer, product }, index) => {
    await pause(Math.max(0, begun + (index / orders) * overMs - Date.now()));
    return placeStubbornly(customer, product);
  });
}

/** Somebody who places one order after the other until told to stop. */
export class Caller {
  readonly answers: Answered[] = [];
  private stopped = false;
  private readonly running: Promise<Attempt[]>;

  constructor(
    private readonly customer: Customer,
    private readonly product: ProductView,
  ) {
    this.running = this.run();
  }

  /** What came of all of it, the last one included. */
  stop(): Promise<Attempt[]> {
    this.stopped = true;
    return this.running;
  }

  private async run(): Promise<Attempt[]> {
    const attempts: Attempt[] = [];
    const hear = (answered: Answered) => void this.answers.push(answered);
    while (!this.stopped) {
      attempts.push(await placeStubbornly(this.customer, this.product, { hear }));
      await pause(PAUSE_MS);
    }
    return attempts;
  }
}
