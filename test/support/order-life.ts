import { randomUUID } from 'node:crypto';
import type { Caller, ChangedOrder, Order, Problem, Product, RefundOrder, SetOrderStatus } from '@suite/contracts';
import { orders } from '@suite/contracts';
import { each, times } from './client';
import { eventually } from './eventually';
import { oneOf, type OrderSuite } from './orders';
import { someCaller } from './stock';
import type { AskOptions } from './wires';

/** So many orders are in several hands at a time: more would only wait for each other. */
const WIDTH = 25;
/** So many are on their way to be confirmed, which services do for many together. */
const CROWD = 100;

/** What admins and customers do to confirmed orders, asked of the services themselves, as stubbornly as good clients. */
export class OrderLife {
  readonly admin: Caller = someCaller({ role: 'admin' });
  readonly customer: Caller = someCaller();

  constructor(private readonly suite: OrderSuite) {}

  async confirmed(product: Product, quantity = 1): Promise<Order> {
    const options = { caller: this.customer, idempotencyKey: randomUUID() };
    const { order } = await stubbornly(() => this.suite.place(oneOf(product, quantity), options));
    return this.suite.ended(order.id);
  }

  confirmedMany(count: number, product: Product, quantity = 1): Promise<Order[]> {
    return each(times(count), CROWD, () => this.confirmed(product, quantity));
  }

  setStatus({ id }: Order, body: Omit<SetOrderStatus, 'id'>, options: AskOptions = {}): Promise<ChangedOrder> {
    const asked = { caller: this.admin, idempotencyKey: randomUUID(), ...options };
    return stubbornly(() => this.suite.wires.ask(orders.setStatus, { id, ...body }, asked));
  }

  ship(order: Order, more: Partial<SetOrderStatus> = {}, options: AskOptions = {}): Promise<ChangedOrder> {
    return this.setStatus(order, { status: 'SHIPPED', ...more }, options);
  }

  refund({ id }: Order, body: Omit<RefundOrder, 'id'> = {}, options: AskOptions = {}): Promise<ChangedOrder> {
    const asked = { caller: this.admin, idempotencyKey: randomUUID(), ...options };
    return stubbornly(() => this.suite.wires.ask(orders.refund, { id, ...body }, asked));
  }

  /** Has no key: asked again after its answer was lost, it is refused, and the order says why. */
  cancel({ id }: Order): Promise<Order> {
    return stubbornly(() => this.suite.wires.ask(orders.cancel, { id }, { caller: this.customer }));
  }

  now(list: Order[]): Promise<Order[]> {
    return each(list, WIDTH, ({ id }) => stubbornly(() => this.suite.order(id)));
  }

  /** All ways at once, for one order after the other; the code of a refusal in place of the answer. */
  race<T extends object>(
    list: Order[],
    ...ways: ((order: Order) => Promise<T>)[]
  ): Promise<(T | { code: string })[][]> {
    return each(list, WIDTH, (order) =>
      Promise.all(ways.map((way) => way(order).catch(({ code }: Problem): { code: string } => ({ code })))),
    );
  }

  /** Of the first line. */
  units = ({ items: [{ stockId }] }: Order, quantity: number) => [{ stockId, quantity }];
}

/** The same again, with the same key, while it is only the weather, or a machine with too much to do. */
async function stubbornly<T>(work: () => Promise<T>): Promise<T> {
  const outcome = await eventually(
    () =>
      work().then(
        (answer) => ({ answer }),
        (problem: Problem) => {
          if (problem.kind === 'busy') throw problem;
          return { problem };
        },
      ),
    { timeoutMs: 60_000, everyMs: 100 },
  );
  if ('problem' in outcome) throw outcome.problem;
  return outcome.answer;
}

/** How many got an answer, and which codes the others got. */
export function tally(outcomes: object[]): { answered: number; codes: string[] } {
  const codes = outcomes.flatMap((outcome) => ('code' in outcome ? [String(outcome.code)] : []));
  return { answered: outcomes.length - codes.length, codes: [...new Set(codes)].sort() };
}
