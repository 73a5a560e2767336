import { Queue } from 'bullmq';
import type { Order, PlacedOrder, PlaceOrder, Product } from '@suite/contracts';
import { orders } from '@suite/contracts';
import { eventually } from './eventually';
import { Service } from './service';
import { someCaller } from './stock';
import { openWires, type AskOptions, type Wires } from './wires';

const entries = {
  stock: 'apps/stock/src/main.ts',
  orders: 'apps/orders/src/main.ts',
  processor: 'apps/orders/src/processor.main.ts',
};
type Entry = keyof typeof entries;

/** The services that take an order to its end, as processes of their own. */
export class OrderSuite {
  readonly services: Service[] = [];
  private readonly starting = new Set<Promise<Service>>();
  private readonly queues: Queue[] = [];

  private constructor(readonly wires: Wires) {}

  static async start(...names: Entry[]): Promise<OrderSuite> {
    const suite = new OrderSuite(await openWires());
    try {
      await Promise.all(names.map((name) => suite.add(name)));
      return suite;
    } catch (error) {
      await suite.stop();
      throw error;
    }
  }

  async add(name: Entry, environment: NodeJS.ProcessEnv = {}): Promise<Service> {
    // What is noted belongs to the start: whoever waits for it has it to stop.
    const start = Service.start(entries[name], { ...this.wires.environment, ...environment }).then((service) => {
      this.services.push(service);
      return service;
    });
    this.starting.add(start);
    try {
      return await start;
    } finally {
      this.starting.delete(start);
    }
  }

  /** Those of a kind that run, in the order in which they became ready, which is anybody's. */
  replicas(name: Entry): Service[] {
    return this.services.filter(({ entry, runs }) => entry === entries[name] && runs);
  }

  /** A queue as the services see it; closed with the suite. */
  queue(name: string = orders.process.queue): Queue {
    const { host, port, db } = this.wires.redis.options;
    const queue = new Queue(name, { connection: { host, port, db } });
    this.queues.push(queue);
    return queue;
  }

  place(body: PlaceOrder, options: AskOptions = {}): Promise<PlacedOrder> {
    return this.wires.ask(orders.place, body, { caller: someCaller(), ...options });
  }

  order(id: string): Promise<Order> {
    return this.wires.ask(orders.get, { id }, { caller: someCaller({ role: 'admin' }) });
  }

  cancel({ id, userId }: Order): Promise<Order> {
    return this.wires.ask(orders.cancel, { id }, { caller: someCaller({ userId }) });
  }

  /** Asks to be told when it has ended: a crowd that asks again and again would keep the services from ending it. */
  ended(id: string, timeoutMs = 20_000): Promise<Order> {
    const caller = someCaller({ role: 'admin' });
    return eventually(
      async () => {
        const order = await this.wires.ask(orders.get, { id, waitMs: 1_000 }, { caller });
        if (order.status === 'PENDING') throw new Error(`order ${id} is still PENDING`);
        return order;
      },
      { timeoutMs },
    );
  }

  /** Also of what is only just starting, and nobody has waited for. */
  async stop(): Promise<void> {
    while (this.starting.size > 0) await Promise.allSettled(this.starting);
    await Promise.all(this.queues.map((queue) => queue.close()));
    await Promise.all(this.services.map((service) => service.stop()));
    await this.wires.close();
  }
}

export const oneOf = (product: Product, quantity = 1): PlaceOrder => ({
  items: [{ stockId: product.stock.id, quantity }],
});
