import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { lineOf, unique, type Customer } from '../support/builders';
import { BASE_URL, each, times } from '../support/client';
import type { PlacedView, ProductView } from '../support/views';
import type { Answer, Attempt } from './attempt';
import type { Plan } from './plan';

/** More connections than the suite can have use for, so that what is refused is refused by the suite. */
const CONNECTIONS = 2_000;
const TIMEOUT_MS = 20_000;
const TICK_MS = 5;
const REFUSED = '503 OVERLOADED';

/** Orders of people who go elsewhere when they are turned away, but want to know where they stand. */
export class Flood {
  answers: Answer[] = [];
  private readonly pool = new Pool(BASE_URL, { connections: CONNECTIONS, keepAliveTimeout: 4_000 });

  /** @param attempts what was answered with an order is noted here: it must be there. */
  constructor(
    private readonly customers: Customer[],
    private readonly product: ProductView,
    private readonly plan: Plan,
    private readonly attempts: Attempt[],
  ) {}

  /** One order. Resolves when it is placed, or turned away. */
  async place(): Promise<void> {
    const attempt: Attempt = {
      customer: this.plan.pick(this.customers),
      product: this.product,
      key: unique(),
      answers: [],
    };
    for (;;) {
      const answer = await this.try(attempt);
      this.answers.push(answer);
      attempt.answers.push(answer);
      if (answer.what === REFUSED) return;
      if (answer.what === '201') return void this.attempts.push(attempt);
    }
  }

  /** So many at the same time, each one after the other. */
  async by(callers: number, forMs: number): Promise<void> {
    const until = Date.now() + forMs;
    await each(times(callers), callers, async () => {
      while (Date.now() < until) await this.place();
    });
  }

  /** So many each second, whatever becomes of those before. Resolves when all have their answers. */
  async at(perSecond: number, forMs: number): Promise<void> {
    const begun = performance.now();
    const all: Promise<void>[] = [];
    while (performance.now() - begun < forMs) {
      const due = ((performance.now() - begun) / 1_000) * perSecond;
      while (all.length < due) all.push(this.place());
      await pause(TICK_MS);
    }
    await Promise.all(all);
  }

  get placed(): Answer[] {
    return this.answers.filter(({ what }) => what === '201');
  }

  get refused(): Answer[] {
    return this.answers.filter(({ what }) => what !== '201');
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async try(attempt: Attempt): Promise<Answer> {
    const { customer, product, key } = attempt;
    const begun = performance.now();
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${customer.token}`,
      'idempotency-key': key,
    };
    const ended = (what: string, retryAfter?: string): Answer => {
      const at = performance.now();
      return { what, retryAfter, ms: at - begun, at };
    };
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const body = JSON.stringify(lineOf(product));
      const answer = await this.pool.request({ method: 'POST', path: '/orders', headers, body, signal });
      const { code, data } = (await answer.body.json()) as { code?: string; data?: PlacedView };
      attempt.orderId = data?.order.id;
      const retryAfter = answer.headers['retry-after'] as string | undefined;
      return ended(code ? `${answer.statusCode} ${code}` : String(answer.statusCode), retryAfter);
    } catch {
      return ended('0 no answer');
    }
  }
}
